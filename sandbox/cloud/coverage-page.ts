import type { Evidence } from "./evidence.ts";
import type { CloudService, CustomerHosts } from "./service.ts";

/** The page of docs/ that lists every emulated route, with the source of its behaviour and the test that calls it. */
export function coveragePage(services: readonly CloudService[]): string {
  const sections = services.map(({ name, coverage, customerHosts }) => {
    const rows = coverage.map(
      ({ method, host, path, testedBy, ...evidence }) =>
        `| \`${method} ${host}${path.replaceAll("|", "\\|")}\` | ${evidenceCells(evidence)} | ${testedBy} |`,
    );
    return [
      `## ${name}`,
      "",
      "| route | modelled on | read on | called by |",
      "| --- | --- | --- | --- |",
      ...rows.sort(),
      "",
      ...customerLines(customerHosts),
    ].join("\n");
  });
  return [
    "# What the sandbox emulates",
    "",
    "Written by `npm run docs` from the tables that tests hold against the registered routes. A request to anything else",
    "is refused aloud, with its method, host and path. [sandbox-limits.md](sandbox-limits.md) has what the services do beyond.",
    "",
    "What a route is modelled on: *documented* by the service's owner, in its pages, specifications or published examples;",
    "read in a *client's source*; or *observed* by somebody who shows its answers in a public thread. The date says when that",
    "was last read. None of it was compared with the live services.",
    "",
    ...sections,
  ].join("\n");
}

function evidenceCells({ source, grade, readOn }: Evidence): string {
  return `[${grade}](${source}) | ${readOn}`;
}

function customerLines(hosts: CustomerHosts | undefined): string[] {
  if (hosts === undefined) return [];
  return [
    "Customers' own hosts answer as these do:",
    "",
    "| host | answers as | modelled on | read on | called by |",
    "| --- | --- | --- | --- | --- |",
    ...hosts.coverage.map(
      ({ host, answersAs, testedBy, ...evidence }) =>
        `| \`${host}\` | \`${answersAs}\` | ${evidenceCells(evidence)} | ${testedBy} |`,
    ),
    "",
  ];
}
