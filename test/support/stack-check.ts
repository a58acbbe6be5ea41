import { renderProblems } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { nothingShared, stackSettings } from "../../src/settings/stack-file.ts";

/** The day on which the tests take place. */
const today = "2026-11-30";

/** A Pulumi.yaml that says nothing but whose tokens may be trusted: those of every kind of issuer. */
const shared = {
  ...nothingShared,
  issuers: [
    "https://token.actions.githubusercontent.com",
    ...["contoso", "octo-inc"].map((enterprise) => `https://token.actions.githubusercontent.com/${enterprise}`),
    ...["", "/octocorp"].map((enterprise) => `https://token.actions.octocorp.ghe.com${enterprise}`),
  ],
};

/** What a user is shown for a stack file, on the day of the tests; nothing for a sound one. */
export function report(stackFile: string): string {
  const { problems } = stackSettings(stackFile, shared, today);
  return problems.length === 0 ? "" : renderProblems("stacks/Pulumi.x.yaml", problems);
}

/** The report that has exactly these lines, each a path and a text. */
export function reportOf(...lines: readonly string[]): string {
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  return [
    `${count} in stacks/Pulumi.x.yaml, nothing was changed:`,
    ...lines.map((line) => `  stacks/Pulumi.x.yaml: ${line}`),
  ].join("\n");
}

/**
 * The settings of a sound stack file.
 * @throws Error with the report of one that is not
 */
export function settingsOf(stackFile: string): Settings {
  const { settings } = stackSettings(stackFile, shared, today);
  if (settings === undefined) throw new Error(report(stackFile));
  return settings;
}

/** The parts of a sound file; a test replaces the one that it is about. */
const parts = {
  tenantId: "feedpass:tenantId: 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42",
  repository: "feedpass:repository: contoso/widgets",
  feed: "feedpass:feed: { organization: contoso, project: data, name: python }",
  identities: "feedpass:identities: { reader: { role: reader, trust: [{ branch: main }] } }",
};

/**
 * A stack file that is sound but for the given lines of YAML: each stands for the part of its name, and `more` comes
 * last. An empty text leaves the part out.
 */
export function stackFile(changes: Partial<typeof parts> & { readonly more?: string }): string {
  const lines = Object.values({ ...parts, ...changes }).flatMap((part) => part.trim().split("\n"));
  return ["config:", ...lines.map((line) => `  ${line}`)].join("\n");
}

/** A stack file with one identity, `reader`, given as the inside of a YAML mapping: `role: reader, trust: []`. */
export function withReader(inside: string): string {
  return stackFile({ identities: `feedpass:identities: { reader: { ${inside} } }` });
}

/** A stack file whose one identity trusts these entries, each as YAML: `branch: main`. */
export function withTrust(...entries: readonly string[]): string {
  return withReader(`role: reader, trust: [${entries.map((entry) => `{ ${entry} }`).join(", ")}]`);
}

/** A stack file with one environment, `release`, given as the inside of a YAML mapping: `waitMinutes: 5`. */
export function withRelease(inside: string): string {
  return stackFile({ more: `feedpass:environments: { release: { ${inside} } }` });
}
