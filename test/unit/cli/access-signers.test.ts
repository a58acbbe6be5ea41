import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Checkout, createCheckout, feedpass, projectFile, stackFile } from "./checkout.ts";

// Proves what keeps other signers out: the list of issuers in Pulumi.yaml, and one file for each repository.

const attack = (name: string) => readFileSync(new URL(`attacks/${name}.yaml`, import.meta.url), "utf8");
const enterprise = "https://token.actions.githubusercontent.com/contoso";
const usual = "https://token.actions.githubusercontent.com";
const withIssuer = stackFile("contoso/widgets", `  feedpass:issuer: ${enterprise}`);

/** A checkout whose one commit has the stack widgets. */
function oneStack(): Checkout {
  const checkout = createCheckout();
  checkout.write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));
  checkout.commit();
  return checkout;
}

test("an issuer that Pulumi.yaml does not list is refused, with what would allow it", async () => {
  const { folder, write } = createCheckout();
  write("stacks/Pulumi.widgets.yaml", withIssuer);

  const { exitCode, stderr } = await feedpass(folder, "access");

  expect(exitCode).toBe(1);
  expect(stderr).toBe(`1 problem in stacks/Pulumi.widgets.yaml, nothing was changed:
  stacks/Pulumi.widgets.yaml: issuer: got "${enterprise}", expected ${usual}; who may sign tokens is for Pulumi.yaml to say: add ${enterprise} to feedpass:issuers there
`);
});

test.each([
  `  feedpass:issuers: [${usual}, ${enterprise}]`,
  `  issuers: { type: array, items: { type: string }, default: [${usual}, ${enterprise}] }`,
  `  feedpass:issuers: { value: [${usual}, ${enterprise}] }`,
])("an issuer that Pulumi.yaml lists is taken, and told: %s", async (line) => {
  const { folder, write } = createCheckout();
  write("Pulumi.yaml", `${projectFile}${line}\n`);
  write("stacks/Pulumi.widgets.yaml", withIssuer);

  const { exitCode, stdout } = await feedpass(folder, "access", "--markdown");

  expect(exitCode).toBe(0);
  expect(stdout).toContain(`| branch main | GitHub's token (signed by ${enterprise.replace("://", ":&#8203;//")}) |`);
});

test("github.com's own issuer is refused where the list leaves it out", async () => {
  const { folder, write } = createCheckout();
  write("Pulumi.yaml", `${projectFile}  feedpass:issuers: [https://token.actions.octocorp.ghe.com]\n`);
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));

  const { exitCode, stderr } = await feedpass(folder, "access");

  expect(exitCode).toBe(1);
  expect(stderr).toContain("issuer: missing, expected https://token.actions.octocorp.ghe.com; who may sign tokens");
});

test.each([
  { list: "contoso", says: 'issuers: got "contoso", expected a list of issuers' },
  { list: "[]", says: "issuers: got [], expected a list of issuers" },
  { list: "[https://evil.example]", says: 'issuers[0]: got "https://evil.example", expected https://token.actions.' },
  { list: "{ secure: v1:abc }", says: "issuers: got an encrypted value, expected a plain one" },
])("a list that is none is a problem of Pulumi.yaml: $list", async ({ list, says }) => {
  const { folder, write } = createCheckout();
  write("Pulumi.yaml", `${projectFile}  feedpass:issuers: { value: ${list} }\n`);

  const { exitCode, stderr } = await feedpass(folder, "access");

  expect(exitCode).toBe(1);
  expect(stderr).toContain(`Pulumi.yaml: ${says}`);
});

test.each(["own-issuers", "hidden-key"])("no stack's file widens the list: %s", async (name) => {
  const { folder, write } = oneStack();
  write("stacks/Pulumi.widgets.yaml", attack(name));

  const { exitCode, stdout, stderr } = await feedpass(folder, "access", "--diff", "HEAD", "--fail-on", "widening");

  expect(exitCode).toBe(1);
  expect(stdout).toBe("No change of access since HEAD.\n");
  expect(stderr).toContain("issuers: got a list beside that of Pulumi.yaml, which alone says whose tokens are trusted");
  expect(stderr).toContain('issuer: got "https://token.actions.githubusercontent.com/mallory", expected');
});

test.each(["hidden-repository", "decoy-repository"])(
  "two files of one repository name each other: %s",
  async (name) => {
    const { folder, write } = oneStack();
    write("stacks/Pulumi.second.yaml", attack(name));
    write("stacks/Pulumi.gadgets.yaml", stackFile("contoso/gadgets"));
    const problems = (stack: string, other: string) =>
      `1 problem in stacks/Pulumi.${stack}.yaml, nothing was changed:
  stacks/Pulumi.${stack}.yaml: repository: stacks/Pulumi.${other}.yaml is for the same repository, expected one file for each; write the identities of all into one, and destroy the stacks of the others
`;

    const all = await feedpass(folder, "access", "--json");
    const change = await feedpass(folder, "access", "--diff", "HEAD");

    expect([all.exitCode, change.exitCode]).toEqual([1, 1]);
    const { grants } = JSON.parse(all.stdout) as { grants: { repository: string }[] };
    expect(grants.map(({ repository }) => repository)).toEqual(["contoso/gadgets"]);
    for (const { stderr } of [all, change]) {
      expect(stderr).toContain(problems("second", "widgets"));
      expect(stderr).toContain(problems("widgets", "second"));
    }
  },
);

test("a file of the same name at a site of its own is for another repository", async () => {
  const site = "https://token.actions.octocorp.ghe.com";
  const { folder, write } = oneStack();
  write("Pulumi.yaml", `${projectFile}  feedpass:issuers: [${usual}, ${site}]\n`);
  write("stacks/Pulumi.there.yaml", stackFile("contoso/widgets", `  feedpass:issuer: ${site}`));

  expect((await feedpass(folder, "access")).exitCode).toBe(0);
});

test("of two files one that goes leaves the other with all that it gives as gained", async () => {
  const { folder, write, commit, remove } = oneStack();
  write("stacks/Pulumi.second.yaml", stackFile("contoso/widgets"));
  commit();
  remove("stacks/Pulumi.second.yaml");

  const { exitCode, stdout } = await feedpass(folder, "access", "--diff", "HEAD");

  expect(exitCode).toBe(0);
  expect(stdout).toContain("+ contoso/widgets: branch main gains install on contoso/data/python\n");
});

test("a file under another name hides neither a pin nor a tenant nor settings from elsewhere", async () => {
  const { folder, write, remove } = oneStack();
  remove("stacks/Pulumi.widgets.yaml");
  write("stacks/Pulumi.renamed.yaml", attack("pinned"));

  const { exitCode, stdout } = await feedpass(folder, "access", "--diff", "HEAD", "--fail-on", "widening");

  expect(exitCode).toBe(3);
  expect(stdout.split("\n").filter((line) => line.startsWith("!"))).toEqual([
    "! contoso/widgets: how the subjects of its jobs begin is pinned: repo:contoso@1/widgets@2",
    "! contoso/widgets: its identities are in the tenant 11111111-2222-3333-4444-555555555555 instead of 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42",
    "! contoso/widgets: takes settings from Pulumi ESC (mallory/settings), which no file shows",
  ]);
});

test("a longer list of issuers is an escalation, of whatever stack or feed is asked", async () => {
  const { folder, write } = oneStack();
  write("Pulumi.yaml", `${projectFile}  feedpass:issuers: [${usual}, ${enterprise}]\n`);

  const { exitCode, stdout } = await feedpass(
    folder,
    ...["access", "widgets", "--diff", "HEAD", "--feed", "contoso/nuget", "--fail-on", "widening"],
  );

  expect(exitCode).toBe(3);
  expect(stdout).toBe(`! Pulumi.yaml: stacks may trust tokens of ${enterprise}

1 change of access since HEAD, 1 of them widens it.
`);
});

test.each([
  { what: "a further tag", trust: "{ branch: main }, { tag: v1 }, { tag: v2 }", ends: 3 },
  { what: "another tag", trust: "{ branch: main }, { tag: v2 }", ends: 3 },
  { what: "a tag less", trust: "{ branch: main }", ends: 0 },
  { what: "another order", trust: "{ tag: v1 }, { branch: main }", ends: 0 },
])("--fail-on widening ends with 3 only where access grows: $what", async ({ trust, ends }) => {
  const { folder, write, commit } = createCheckout();
  const trusting = (entries: string) => stackFile("contoso/widgets").replace("{ branch: main }", entries);
  write("stacks/Pulumi.widgets.yaml", trusting("{ branch: main }, { tag: v1 }"));
  commit();
  write("stacks/Pulumi.widgets.yaml", trusting(trust));

  const { exitCode } = await feedpass(folder, "access", "--diff", "HEAD", "--fail-on", "widening");

  expect(exitCode).toBe(ends);
});

test("--fail-on widening comes before --exit-code, which still tells what widens nothing", async () => {
  const { folder, write, remove } = oneStack();
  write("stacks/Pulumi.bolts.yaml", stackFile("contoso/bolts"));
  const both = ["access", "--diff", "HEAD", "--fail-on", "widening", "--exit-code"];

  const wider = await feedpass(folder, ...both);
  remove("stacks/Pulumi.bolts.yaml");
  remove("stacks/Pulumi.widgets.yaml");
  const narrower = await feedpass(folder, ...both);

  expect([wider.exitCode, narrower.exitCode]).toEqual([3, 2]);
});

test.each([
  { given: ["--fail-on", "widening"], says: "--fail-on is for --diff\n" },
  { given: ["--diff", "HEAD", "--fail-on", "loss"], says: "Allowed choices are widening." },
])("what --fail-on cannot be is said: $given", async ({ given, says }) => {
  const { folder } = oneStack();

  const { exitCode, stderr } = await feedpass(folder, "access", ...given);

  expect(exitCode).toBe(1);
  expect(stderr).toContain(says);
});
