import { expect, test } from "vitest";
import { changeLine, isWidening } from "../../../src/access/change.ts";
import { accessChanges } from "../../../src/access/changes.ts";
import type { AccessState } from "../../../src/access/state.ts";
import { readStackFile } from "../../../src/settings/stack-file.ts";
import { stack, stacks, tenantId } from "./stacks.ts";

// Proves what is told of files beside their settings: Pulumi ESC, risks, secrets providers, and whose tokens count.

const identities = "feedpass:identities: { reader: { role: reader, trust: [{ branch: main }] } }";

/** A state with one stack, whose file has lines beside its `config`. */
function withLines(name: string, lines: string): AccessState {
  const { file } = readStackFile(`config: {}\n${lines}\n`);
  if (file === undefined) throw new Error("the test's file cannot be read");
  return { ...stacks({ [name]: stack(identities) }), files: new Map([[name, file]]) };
}

function told(before: AccessState, after: AccessState): string[] {
  return accessChanges(before, after)
    .filter(({ kind }) => kind !== "file")
    .map((change) => `${change.escalation ? "! " : "  "}${changeLine(change)}`);
}

test.each([
  {
    before: "",
    after: "environment: [team/prod]",
    line: "! contoso/widgets: takes settings from Pulumi ESC (team/prod), which no file shows",
  },
  {
    before: "environment: [team/prod]",
    after: "environment: [mallory/prod]",
    line: "! contoso/widgets: takes other settings from Pulumi ESC (mallory/prod), which no file shows",
  },
  {
    before: "environment: { values: { pulumiConfig: { feedpass:subjects: current } } }",
    after: "environment: { values: { pulumiConfig: { feedpass:subjects: both } } }",
    line: "! contoso/widgets: takes other settings from Pulumi ESC (its own), which no file shows",
  },
  {
    before: "environment: [team/prod]",
    after: "",
    line: "  contoso/widgets: no longer takes settings from Pulumi ESC",
  },
  {
    before: "encryptionsalt: v1:a",
    after: "secretsprovider: azurekeyvault://mallory.vault.azure.net/keys/k\nencryptedkey: b",
    line: "! contoso/widgets: secrets of its state are encrypted with azurekeyvault://mallory.vault.azure.net/keys/k instead of what its backend has for that",
  },
  {
    before: "secretsprovider: awskms://a\nencryptedkey: b",
    after: "secretsprovider: awskms://a\nencryptedkey: c",
    line: "! contoso/widgets: secrets of its state are encrypted with another key",
  },
  {
    before: "encryptionsalt: v1:a",
    after: "encryptionsalt: v1:b",
    line: "  contoso/widgets: secrets of its state are encrypted with another salt, as after a new passphrase",
  },
])("what a file says beside its settings is told, also under another name: $line", ({ before, after, line }) => {
  expect(told(withLines("widgets", before), withLines("widgets", after))).toEqual([line]);
  expect(told(withLines("widgets", before), withLines("renamed", after))).toEqual([line]);
});

test("a new file that takes settings from Pulumi ESC says so", () => {
  expect(told(stacks({}), withLines("widgets", "environment: [team/prod]"))).toContain(
    "! contoso/widgets: takes settings from Pulumi ESC (team/prod), which no file shows",
  );
});

test("the first salt of a stack is nothing to tell", () => {
  expect(told(withLines("widgets", ""), withLines("widgets", "encryptionsalt: v1:a"))).toEqual([]);
});

test("a risk that is taken on is told, and one that is no longer", () => {
  const plain = stacks({ widgets: stack(identities) });
  const risky = stacks({ widgets: stack(identities.replace("] }", "], acceptedRisks: [pullRequestWrites] }")) });

  expect(told(plain, risky)).toEqual(["! contoso/widgets: reader takes on the risk pullRequestWrites"]);
  expect(told(risky, plain)).toEqual(["  contoso/widgets: reader no longer takes on the risk pullRequestWrites"]);
});

test("whose tokens stacks may trust is told of Pulumi.yaml itself", () => {
  const enterprise = "https://token.actions.githubusercontent.com/mallory";
  const narrow = stacks({});
  const wide: AccessState = {
    ...narrow,
    project: { config: { "feedpass:tenantId": tenantId }, issuers: [...narrow.project.issuers, enterprise] },
  };

  expect(told(narrow, wide)).toEqual([`! Pulumi.yaml: stacks may trust tokens of ${enterprise}`]);
  expect(told(wide, narrow)).toEqual([`  Pulumi.yaml: stacks may no longer trust tokens of ${enterprise}`]);
});

test.each([
  { kind: "gain", escalation: false, widening: true },
  { kind: "gain", escalation: true, widening: true },
  { kind: "protection", escalation: true, widening: true },
  { kind: "protection", escalation: false, widening: false },
  { kind: "loss", escalation: false, widening: false },
  { kind: "file", escalation: false, widening: false },
] as const)("$kind with escalation $escalation is widening: $widening", ({ widening, ...change }) => {
  expect(isWidening(change)).toBe(widening);
});

test("a merge queue that publishes is told as code that is not merged yet", () => {
  const queue = (role: string) => `feedpass:identities: { ci: { role: ${role}, trust: [{ mergeQueue: main }] } }`;

  expect(told(stacks({}), stacks({ widgets: stack(queue("contributor")) }))).toEqual([
    "! contoso/widgets: merge queue of main (code that is not merged yet) gains install and publish on contoso/data/python",
  ]);
  expect(told(stacks({}), stacks({ widgets: stack(queue("reader")) }))).toEqual([
    "  contoso/widgets: merge queue of main gains install on contoso/data/python",
  ]);
});
