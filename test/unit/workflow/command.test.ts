import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";

const cli = new URL("../../../cli/feedpass.js", import.meta.url).pathname;
const reference = "contoso/feedpass@5733342f0b1c2d3e4f5061728394a5b6c7d8e9f0";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "feedpass-workflow-"));
  mkdirSync(join(folder, "stacks"));
  mkdirSync(join(folder, "actions/azure-artifacts"), { recursive: true });
  const project = [
    "name: feedpass",
    "config:",
    "  feedpass:tenantId: { value: 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42 }",
    "  feedpass:organization: { value: contoso }",
  ];
  writeFileSync(join(folder, "Pulumi.yaml"), project.join("\n"));
  writeStack("widgets", "reader: { role: reader, trust: [{ branch: main }] }");
  writeStack("hidden", "reader: { role: reader, trust: [{ environment: release }] }");
  writeStack("broken", "reader: { role: owner, trust: [{ branch: main }] }");
  writeFileSync(join(folder, "actions/azure-artifacts/action.yml"), "name: action\n");
  await git("init", "--quiet", "--initial-branch", "main");
  await git("add", ".");
  await git("-c", "user.name=Ada", "-c", "user.email=ada@contoso.example", "commit", "--quiet", "--message", "first");
});
afterAll(() => rmSync(folder, { recursive: true }));

function writeStack(name: string, identities: string): void {
  const lines = ["config:", "  feedpass:repository: contoso/widgets", "  feedpass:feed: { name: python }"];
  const text = [...lines, "  feedpass:identities:", `    ${identities}`].join("\n");
  writeFileSync(join(folder, "stacks", `Pulumi.${name}.yaml`), text);
}

async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await execa("git", args, { cwd: folder });
  return stdout;
}

/** Runs `feedpass workflow` in the project. */
async function workflow(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await execa("node", [cli, "workflow", ...args], { cwd: folder, reject: false });
  return { exitCode, stdout, stderr };
}

test("prints the workflow of a stack, and nothing else on standard output", async () => {
  const { exitCode, stdout, stderr } = await workflow("widgets", "--action", reference);

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^# How contoso\/widgets installs from the feed contoso\/python\.\n/);
  expect(stdout).toContain(`uses: contoso/feedpass/actions/azure-artifacts@${reference.split("@")[1]}\n`);
  expect(stderr).toBe("");
});

test("the name of the file means its stack", async () => {
  const byName = await workflow("widgets", "--action", reference);

  expect(await workflow("stacks/Pulumi.widgets.yaml", "--action", reference)).toEqual(byName);
});

test("prints the configuration of Dependabot", async () => {
  const { exitCode, stdout } = await workflow("widgets", "--dependabot");

  expect(exitCode).toBe(0);
  expect(stdout).toContain("url: https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/");
});

test("its own action is taken from where the checkout comes from, at the action's last commit", async () => {
  const commit = await git("rev-parse", "HEAD");
  await git("remote", "add", "origin", "git@github.com:contoso/platform.access.git");
  await git("update-ref", "refs/remotes/origin/main", commit);
  writeFileSync(join(folder, "README.md"), "Later\n");
  await git("add", "README.md");
  await git("-c", "user.name=Ada", "-c", "user.email=ada@contoso.example", "commit", "--quiet", "--message", "second");
  await git("tag", "v1.2.3", commit);

  const { exitCode, stdout, stderr } = await workflow("widgets");

  await git("remote", "remove", "origin");
  expect(stdout).toContain(`uses: contoso/platform.access/actions/azure-artifacts@${commit} # v1.2.3\n`);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("a commit of the action that nobody else has yet is told of", async () => {
  await git("remote", "add", "origin", "https://github.com/contoso/platform");
  const commit = await git("log", "-1", "--format=%H", "--", "actions/azure-artifacts");

  const { exitCode, stderr } = await workflow("widgets");

  await git("remote", "remove", "origin");
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: `actions/azure-artifacts is pinned to ${commit}, which is not pushed yet`,
  });
});

test.each([
  [
    ["widgets"],
    "this checkout was not cloned from GitHub; say where feedpass's own action is with --action OWNER/NAME@COMMIT",
  ],
  [
    ["widgets", "--action", "contoso/feedpass@v1"],
    '--action: got "contoso/feedpass@v1", expected OWNER/NAME@COMMIT with all 40 digits of the commit: a tag or branch can be moved',
  ],
  [["gadgets"], "no stack of that name: expected stacks/Pulumi.gadgets.yaml"],
  [["widgets", "--client-id", "7"], "--client-id is for --dependabot"],
  [
    ["widgets", "--dependabot", "--client-id", "7"],
    '--client-id: got "7", expected an id like 11111111-2222-3333-4444-555555555555; the stack\'s output identities has it',
  ],
  [
    ["hidden", "--dependabot"],
    "stacks/Pulumi.hidden.yaml: Dependabot signs in from the default branch and without a secret, and no identity trusts a branch for that; give one with the role reader the entry { branch: main }, and signIn oidc or both",
  ],
])("%j is told what is wrong, prints nothing, and fails", async (args, message) => {
  expect(await workflow(...args)).toEqual({ exitCode: 1, stdout: "", stderr: message });
});

test("a broken stack file is told with its problems", async () => {
  const { exitCode, stdout, stderr } = await workflow("broken", "--action", reference);

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain('stacks/Pulumi.broken.yaml: identities.reader.role: got "owner"');
});
