import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { type Checkout, createCheckout, feedpass, projectFile, stackFile } from "./checkout.ts";

const publisher = "    publisher: { role: contributor, trust: [{ environment: release }] }";

/** A checkout with two committed stacks. */
function twoStacks(root?: string): Checkout {
  const checkout = createCheckout(root);
  checkout.write("stacks/Pulumi.gadgets.yaml", stackFile("contoso/gadgets"));
  checkout.write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));
  checkout.commit();
  return checkout;
}

test("nothing changed is said as that", async () => {
  const { folder } = twoStacks();

  const ended = await feedpass(folder, "access", "--diff", "HEAD", "--exit-code");

  expect(ended).toEqual({ exitCode: 0, stdout: "No change of access since HEAD.\n", stderr: "" });
});

test("what is edited, added and removed is told, escalations marked", async () => {
  const { folder, write, remove } = twoStacks();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", publisher));
  write("stacks/Pulumi.bolts.yaml", stackFile("contoso/bolts"));
  remove("stacks/Pulumi.gadgets.yaml");

  const ended = await feedpass(folder, "access", "--diff", "HEAD");

  expect(ended).toEqual({
    exitCode: 0,
    stderr: "",
    stdout: `! contoso/widgets: environment release gains install and publish on contoso/data/python
+ contoso/bolts: branch main gains install on contoso/data/python
- contoso/gadgets: branch main loses install on contoso/data/python when its stack is destroyed
~ contoso/bolts: stacks/Pulumi.bolts.yaml is new
~ contoso/gadgets: stacks/Pulumi.gadgets.yaml is removed; its access stays until the stack gadgets is destroyed

5 changes of access since HEAD, 2 of them widen it.
`,
  });
});

test("the change as Markdown", async () => {
  const { folder, write } = twoStacks();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", publisher));
  write("stacks/Pulumi.gadgets.yaml", "config: {}\n");

  const { exitCode, stdout } = await feedpass(folder, "access", "--diff", "HEAD", "--markdown");

  expect(exitCode).toBe(1);
  expect(stdout).toBe(`- ⚠️ **contoso/widgets**: environment release gains install and publish on contoso/data/python

1 change of access since HEAD, 1 of them widens it.

❌ **stacks/Pulumi.gadgets.yaml** has problems, so its access is not shown:

- repository: missing, expected OWNER/NAME, as in contoso/widgets
- feed: missing, expected a feed with its name, as in { name: python }
- identities: missing, expected at least one identity by its name, as in { reader: { role: reader, trust: \\[{ branch: main }\\] } }
`);
});

test("the change as JSON", async () => {
  const { folder, write } = twoStacks();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", publisher));

  const { stdout } = await feedpass(folder, "access", "--diff", "HEAD", "--json");

  expect(JSON.parse(stdout)).toEqual({
    since: "HEAD",
    changes: [
      {
        kind: "gain",
        escalation: true,
        widening: true,
        stack: "widgets",
        repository: "contoso/widgets",
        feeds: ["contoso/data/python"],
        identity: "publisher",
        sources: ["environment release"],
        permissions: ["install", "save", "publish"],
        text: "environment release gains install and publish on contoso/data/python",
      },
    ],
    broken: [],
    notes: [],
  });
});

test.each([
  { given: ["--exit-code"], exitCode: 2 },
  { given: ["--exit-code", "gadgets"], exitCode: 0 },
  { given: ["--exit-code", "--feed", "contoso/nuget"], exitCode: 0 },
  { given: [], exitCode: 0 },
])("changes end with 2 where that is asked for: $given", async ({ given, exitCode }) => {
  const { folder, write } = twoStacks();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", publisher));

  expect((await feedpass(folder, "access", "--diff", "HEAD", ...given)).exitCode).toBe(exitCode);
});

test("a file that is broken fails the command, whatever else changed", async () => {
  const { folder, write } = twoStacks();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", publisher));
  write("stacks/Pulumi.gadgets.yaml", "config:\n\tx: 1\n");

  const { exitCode, stdout, stderr } = await feedpass(folder, "access", "--diff", "HEAD", "--exit-code");

  expect(exitCode).toBe(1);
  expect(stdout).toBe(`! contoso/widgets: environment release gains install and publish on contoso/data/python

1 change of access since HEAD, 1 of them widens it.
`);
  expect(stderr).toBe(`1 problem in stacks/Pulumi.gadgets.yaml, nothing was changed:
  stacks/Pulumi.gadgets.yaml: line 2: not valid YAML: tabs are not allowed as indentation
`);
});

test("a file that was broken and did not change is no part of the change", async () => {
  const { folder, write, commit } = twoStacks();
  write("stacks/Pulumi.tools.yaml", "config:\n\tx: 1\n");
  commit();

  const ended = await feedpass(folder, "access", "--diff", "HEAD");

  expect(ended).toEqual({ exitCode: 0, stdout: "No change of access since HEAD.\n", stderr: "" });
});

test("all that a mended file gives counts as gained", async () => {
  const { folder, write, commit } = twoStacks();
  write("stacks/Pulumi.tools.yaml", "config:\n\tx: 1\n");
  commit();
  write("stacks/Pulumi.tools.yaml", stackFile("contoso/tools"));

  const { stdout } = await feedpass(folder, "access", "--diff", "HEAD");

  expect(stdout).toBe(`+ contoso/tools: branch main gains install on contoso/data/python
~ contoso/tools: stacks/Pulumi.tools.yaml could not be read before; all that it gives counts as gained

2 changes of access since HEAD, 1 of them widens it.
`);
});

test("a client secret that has ended since is renewed, not gained", async () => {
  const { folder, write, commit } = twoStacks();
  const inAYear = new Date(Date.now() + 365 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  const ci = (day: string) =>
    `    ci: { role: contributor, trust: [{ environment: release }], signIn: secret, secretExpires: "${day}" }`;
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", ci("2020-01-01")));
  commit();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", ci(inAYear)));

  const { stdout } = await feedpass(folder, "access", "--diff", "HEAD");

  expect(stdout).toBe(`~ contoso/widgets: ci has a client secret until ${inAYear} instead of 2020-01-01

1 change of access since HEAD.
`);
});

test("what all stacks share changes the access of each that does not say otherwise", async () => {
  const { folder, write, commit } = twoStacks();
  write("stacks/Pulumi.gadgets.yaml", stackFile("contoso/gadgets", "", "{ organization: contoso, name: nuget }"));
  commit();
  write("Pulumi.yaml", projectFile.replace("organization: contoso", "organization: fabrikam"));

  const { stdout } = await feedpass(folder, "access", "--diff", "HEAD");

  expect(stdout).toBe(`+ contoso/widgets: branch main gains install on fabrikam/data/python
- contoso/widgets: branch main loses install on contoso/data/python

2 changes of access since HEAD, 1 of them widens it.
`);
});

test("a Pulumi.yaml that says the same in other words changes nothing", async () => {
  const { folder, write } = twoStacks();
  write("Pulumi.yaml", projectFile.replace("organization: contoso", "organization: { value: contoso } # ours"));

  const { stdout } = await feedpass(folder, "access", "--diff", "HEAD");

  expect(stdout).toBe("No change of access since HEAD.\n");
});

test("the change is told from a folder of a project that is itself a folder of the checkout", async () => {
  const { folder, write, git } = twoStacks("infrastructure/feeds");
  git("branch", "base");
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", publisher));
  write("../Pulumi.other.yaml", "not ours");

  const { stdout } = await feedpass(`${folder}/stacks`, "access", "--diff", "base");

  expect(stdout).toBe(`! contoso/widgets: environment release gains install and publish on contoso/data/python

1 change of access since base, 1 of them widens it.
`);
});

test("every stack is new where the commit has no project", async () => {
  const { folder, git } = twoStacks();
  const empty = git("commit-tree", git("mktree").trim(), "-m", "Nothing").trim();

  const { stdout } = await feedpass(folder, "access", "--diff", empty, "widgets");

  expect(stdout).toContain("~ contoso/widgets: stacks/Pulumi.widgets.yaml is new\n");
});

test("files with other line ends than git's are the same", async () => {
  const { folder, write, git } = twoStacks();
  git("config", "core.autocrlf", "true");
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets").replaceAll("\n", "\r\n"));

  const { stdout } = await feedpass(folder, "access", "--diff", "HEAD");

  expect(stdout).toBe("No change of access since HEAD.\n");
});

test("outside of a checkout there is nothing to compare with", async () => {
  const { folder } = createCheckout();
  rmSync(`${folder}/.git`, { recursive: true });

  const ended = await feedpass(folder, "access", "--diff", "HEAD");

  expect(ended).toEqual({ exitCode: 1, stdout: "", stderr: `${folder} is in no git checkout\n` });
});
