import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPythonTools } from "../support/python.ts";
import { stackText } from "../support/rehearsal.ts";

// Proves that `feedpass rehearse` tries a stack file that nobody tried before: another tenant, organization, owner, team and
// environment than the sandbox's own, a feed of the organization, patterns, tags and every role. And that it tells a script.

const tools = await findPythonTools();
const root = fileURLToPath(new URL("../..", import.meta.url));

const zebra = {
  tenantId: "11111111-2222-3333-4444-555555555555",
  repository: "Fabrikam/zebra",
  feed: { organization: "fabrikam-artifacts", name: "py" },
  identities: {
    ci: { role: "collaborator", trust: [{ branch: "main" }, { branch: "release/*" }] },
    releaser: { role: "contributor", variablePrefix: "RELEASE_", trust: [{ tag: "stable" }, { environment: "qa" }] },
  },
  environments: {},
};

interface Told {
  readonly stack: string;
  readonly agrees: boolean;
  readonly workflow: readonly { readonly job: string; readonly agrees: boolean; readonly log?: string }[];
  readonly cases: readonly {
    readonly identity: string;
    readonly job: string;
    readonly agrees: boolean;
    readonly checks: readonly { readonly action: string; readonly expected: string; readonly seen: string }[];
  }[];
}

describe.skipIf(!tools)("a stack file that nobody tried before", () => {
  let folder = "";
  let told: Told[] = [];
  let exitCode: number | undefined;

  const feedpass = (...args: readonly string[]) =>
    execa(process.execPath, [join(root, "cli/feedpass.js"), ...args], { cwd: folder, reject: false });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "feedpass-"));
    mkdirSync(join(folder, "stacks"));
    copyFileSync(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    for (const shared of ["sandbox", "src", "actions", "node_modules", "package.json"]) {
      symlinkSync(join(root, shared), join(folder, shared));
    }
    // As it would be in use: encrypted with a key that nobody here has.
    const encrypted = "secretsprovider: azurekeyvault://nowhere.vault.azure.net/keys/none\nencryptedkey: AAAA\n";
    writeFileSync(join(folder, "stacks/Pulumi.zebra.yaml"), encrypted + stackText(zebra));
    const result = await feedpass("rehearse", "stacks/Pulumi.zebra.yaml", "--json");
    exitCode = result.exitCode;
    told = result.stdout === "" ? [] : JSON.parse(result.stdout);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("goes as it says, from the sandbox to the exit code", () => {
    const cases = told.flatMap((one) => one.cases);
    const different = [...cases, ...told.flatMap((one) => one.workflow)].filter(({ agrees }) => !agrees);

    expect(different).toEqual([]);
    expect(told.map(({ stack, agrees }) => [stack, agrees])).toEqual([["zebra", true]]);
    expect(exitCode).toBe(0);
  });

  test("each role may what it may, from each job that is trusted", () => {
    const own = told.flatMap((one) => one.cases).filter(({ checks }) => checks.length > 1);

    expect(own.map(({ identity, job, checks }) => [identity, job, checks.map(({ seen }) => seen).join()])).toEqual([
      ["ci", "branch main", "works,works,works,refused"],
      ["ci", "branch release/1", "works,works,works,refused"],
      ["releaser", "tag stable", "works,works,works,works"],
      ["releaser", "environment qa, from tag v1", "works,works,works,works"],
    ]);
  });

  test("the file in use stays as it is", () => {
    const text = readFileSync(join(folder, "stacks/Pulumi.zebra.yaml"), "utf8");

    expect(text.split("\n").slice(0, 2)).toEqual([
      "secretsprovider: azurekeyvault://nowhere.vault.azure.net/keys/none",
      "encryptedkey: AAAA",
    ]);
  });

  test("a file with mistakes is not tried, and they are told", async () => {
    writeFileSync(join(folder, "stacks/Pulumi.broken.yaml"), stackText({ ...zebra, repository: "zebra" }));

    const { exitCode: code, stderr, stdout } = await feedpass("rehearse", "broken");

    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain('stacks/Pulumi.broken.yaml: repository: got "zebra", expected OWNER/NAME');
  });

  test("a stack that is not there is told", async () => {
    const { exitCode: code, stderr } = await feedpass("rehearse", "none");

    expect(code).toBe(1);
    expect(stderr).toContain("there is no stack file stacks/Pulumi.none.yaml");
  });
});
