import type { CloudService } from "./service.ts";

/** The page of docs/ that lists every emulated route, with the source of its behaviour and the test that calls it. */
export function coveragePage(services: readonly CloudService[]): string {
  const sections = services.map(({ name, coverage }) => {
    const rows = coverage.map(
      ({ method, host, path, source, testedBy }) =>
        `| \`${method} ${host}${path.replaceAll("|", "\\|")}\` | [source](${source}) | ${testedBy} |`,
    );
    return [`## ${name}`, "", "| route | modelled on | called by |", "| --- | --- | --- |", ...rows.sort(), ""].join(
      "\n",
    );
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
