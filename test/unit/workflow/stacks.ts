import type { Settings } from "../../../src/settings/schema.ts";
import { settingsOf, stackFile } from "../../support/stack-check.ts";

/** The settings of a stack file with these parts, as YAML. */
export function stack(identities: string, environments = ""): Settings {
  return settingsOf(
    stackFile({
      identities: `feedpass:identities:\n${indented(identities)}`,
      more: environments === "" ? "" : `feedpass:environments:\n${indented(environments)}`,
    }),
  );
}

function indented(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `  ${line.trim()}`)
    .join("\n");
}

/** Stacks that differ in who may do what from where; each has a golden workflow of its name. */
export const stacks = {
  "environment-publishes": stack(
    `reader: { role: reader, trust: [{ branch: main }, { pullRequest: true }] }
     publisher: { role: contributor, trust: [{ environment: release }] }`,
    `release: { reviewers: { teams: [release-managers] }, deployFrom: { tags: ["v*"] } }`,
  ),
  "built-in-an-environment-of-its-own": stack(
    `reader: { role: reader, trust: [{ branch: main }, { pullRequest: true }, { environment: build }] }
     publisher: { role: contributor, trust: [{ environment: release }] }`,
    `build: { deployFrom: { tags: ["v*"] } }
     release: { reviewers: { teams: [release-managers] }, deployFrom: { tags: ["v*"] } }`,
  ),
  "published-by-hand-from-main": stack(
    `reader: { role: reader, trust: [{ branch: main }, { pullRequest: true }] }
     publisher: { role: contributor, trust: [{ environment: release }] }`,
    `release: { deployFrom: { branches: [main] } }`,
  ),
  "tag-publishes": stack(
    `reader: { role: collaborator, trust: [{ branch: main }, { pullRequest: true }], acceptedRisks: [pullRequestWrites] }
     publisher: { role: contributor, trust: [{ tag: v1.0.0 }, { tag: v1.1.0 }], variablePrefix: PUBLISHER_ }`,
  ),
  "branch-publishes": stack(`builder: { role: contributor, trust: [{ branch: main }] }`),
  "only-installs": stack(`reader: { role: reader, trust: [{ branch: main }, { branch: "feature/c++" }] }`),
  "with-a-secret": stack(
    `reader: { role: reader, trust: [{ branch: main }], signIn: secret, secretExpires: "2027-06-30" }
     publisher:  { role: contributor, trust: [{ environment: "Release, EU" }], signIn: secret, secretExpires: "2027-06-30", variablePrefix: PUBLISHER_ }`,
  ),
  "tag-publishes-with-a-secret": stack(
    `builder: { role: contributor, trust: [{ tag: v1.0.0 }], signIn: secret, secretExpires: "2027-06-30", acceptedRisks: [pullRequestWrites] }`,
  ),
  "on-the-way-off-a-secret": stack(
    `builder: { role: contributor, trust: [{ tag: v1.0.0 }], signIn: both, secretExpires: "2027-06-30", acceptedRisks: [pullRequestWrites] }`,
  ),
  "several-identities": stack(
    `fork-safe: { role: reader, trust: [{ pullRequest: true }], variablePrefix: PULL_ }
     saver: { role: collaborator, trust: [{ branch: main }] }
     tester: { role: reader, trust: [{ environment: "test lab" }] }
     publisher: { role: contributor, trust: [{ environment: staging }, { environment: production }] }
     hotfixer: { role: contributor, trust: [{ environment: hotfix }] }`,
    `hotfix: { deployFrom: { tags: ["hotfix/*", "h?x"] } }`,
  ),
} as const satisfies Readonly<Record<string, Settings>>;
