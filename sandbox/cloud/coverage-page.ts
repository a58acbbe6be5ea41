import type { CloudService, CustomerHosts } from "./service.ts";

/** The page of docs/ that lists every emulated route, with the source of its behaviour and the test that calls it. */
export function coveragePage(services: readonly CloudService[]): string {
  const sections = services.map(({ name, coverage, customerHosts }) => {
    const rows = coverage.map(
      ({ method, host, path, source, testedBy }) =>
        `| \`${method} ${host}${path.replaceAll("|", "\\|")}\` | [source](${source}) | ${testedBy} |`,
    );
    return [
      `## ${name}`,
      "",
      "| route | modelled on | called by |",
      "| --- | --- | --- |",
      ...rows.sort(),
      "",
      ...customerLines(customerHosts),
    ].join("\n");
  });
  return [
    "# What the sandbox emulates",
    "",
    "Written by `npm run docs` from the tables that tests hold against the registered routes. A request to anything else",
    "is refused aloud, with its method, host and path.",
    "",
    ...sections,
  ].join("\n");
}

function customerLines(hosts: CustomerHosts | undefined): string[] {
  if (hosts === undefined) return [];
  return [
    "Customers' own hosts answer as these do:",
    "",
    "| host | answers as | modelled on | called by |",
    "| --- | --- | --- | --- |",
    ...hosts.coverage.map(
      ({ host, answersAs, source, testedBy }) =>
        `| \`${host}\` | \`${answersAs}\` | [source](${source}) | ${testedBy} |`,
    ),
    "",
  ];
}
