import { describe, expect, test } from "vitest";
import { createCheckout, feedpass, stackFile } from "./checkout.ts";

const publisher = "    publisher: { role: contributor, trust: [{ environment: release }] }";
const guarded = `${publisher}\n  feedpass:environments: { release: { reviewers: { teams: [release-managers] }, deployFrom: { tags: ["v*"] } } }`;

test("everybody with access is in a table for each feed, publishers first", async () => {
  const { folder, write } = createCheckout();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));
  write("stacks/Pulumi.gadgets.yaml", stackFile("contoso/gadgets", guarded));
  write("stacks/Pulumi.tools.yaml", stackFile("contoso/tools", "", "{ name: tools }"));

  const ended = await feedpass(folder, "access");

  expect(ended).toEqual({
    exitCode: 0,
    stderr: "",
    stdout: `contoso/data/python
┌─────────────────┬───────────┬─────────────────────┬─────────────────────────────────────┬────────────────┐
│ Repository      │ Identity  │ May                 │ From                                │ Signs in with  │
├─────────────────┼───────────┼─────────────────────┼─────────────────────────────────────┼────────────────┤
│ contoso/gadgets │ publisher │ install and publish │ environment release                 │ GitHub's token │
│                 │           │                     │   approval by team release-managers │                │
│                 │           │                     │   only from tag v*                  │                │
│ contoso/gadgets │ reader    │ install             │ branch main                         │ GitHub's token │
│ contoso/widgets │ reader    │ install             │ branch main                         │ GitHub's token │
└─────────────────┴───────────┴─────────────────────┴─────────────────────────────────────┴────────────────┘

contoso/tools
┌───────────────┬──────────┬─────────┬─────────────┬────────────────┐
│ Repository    │ Identity │ May     │ From        │ Signs in with  │
├───────────────┼──────────┼─────────┼─────────────┼────────────────┤
│ contoso/tools │ reader   │ install │ branch main │ GitHub's token │
└───────────────┴──────────┴─────────┴─────────────┴────────────────┘
`,
  });
});

test("the same as Markdown, in which nothing of a file is markup", async () => {
  const { folder, write } = createCheckout();
  const odd = '    odd: { role: reader, trust: [{ environment: "a|b <i>@octocat</i>" }] }';
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", odd));

  const { stdout } = await feedpass(folder, "access", "--markdown");

  expect(stdout).toBe(`### contoso/data/python

| Repository | Identity | May | From | Signs in with |
| --- | --- | --- | --- | --- |
| contoso/widgets | odd | install | environment a\\|b \\<i\\>@&#8203;octocat\\</i\\> (protected elsewhere, if at all) | GitHub's token |
| contoso/widgets | reader | install | branch main | GitHub's token |
`);
});

test("the same as JSON, with what a script wants to tell apart", async () => {
  const { folder, write } = createCheckout();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));

  const { stdout } = await feedpass(folder, "access", "--json");

  expect(JSON.parse(stdout)).toEqual({
    grants: [
      {
        stack: "widgets",
        repository: "contoso/widgets",
        feed: "contoso/data/python",
        identity: "reader",
        role: "reader",
        may: "install",
        from: [{ kind: "branch", value: "main", words: "branch main", before: [] }],
        signIn: "oidc",
        signer: {
          issuer: "https://token.actions.githubusercontent.com",
          tenantId: "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42",
          subjects: "current",
        },
        unusual: [],
      },
    ],
    broken: [],
    notes: [],
  });
});

test.each([
  { given: ["widgets"], repositories: ["contoso/widgets"] },
  { given: ["stacks/Pulumi.gadgets.yaml", "widgets"], repositories: ["contoso/gadgets", "contoso/widgets"] },
  { given: ["--feed", "CONTOSO/Data/PYTHON"], repositories: ["contoso/gadgets"] },
  { given: ["--feed", "contoso/nuget"], repositories: ["contoso/widgets"] },
  { given: ["--feed", "contoso/other"], repositories: [] },
])("only what is asked for is shown: $given", async ({ given, repositories }) => {
  const { folder, write } = createCheckout();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", "", "{ name: nuget }"));
  write("stacks/Pulumi.gadgets.yaml", stackFile("contoso/gadgets"));

  const { exitCode, stdout } = await feedpass(folder, "access", "--json", ...given);

  const { grants } = JSON.parse(stdout) as { grants: { repository: string }[] };
  expect(exitCode).toBe(0);
  expect(grants.map(({ repository }) => repository)).toEqual(repositories);
});

test.each([
  {
    given: ["nope"],
    says: "no stack of that name: expected stacks/Pulumi.nope.yaml; without a name all stacks are shown\n",
  },
  {
    given: ["--feed", "python"],
    says: '--feed: got "python", expected ORGANIZATION/PROJECT/FEED or ORGANIZATION/FEED\n',
  },
  {
    given: ["--diff", "nope"],
    says: 'got "nope", expected a branch, tag or commit of this checkout; fetch it first (actions/checkout fetches one commit, all of them with fetch-depth: 0)\n',
  },
  {
    given: ["--diff=--output=x"],
    says: 'got "--output=x", expected a branch, tag or commit of this checkout; fetch it first (actions/checkout fetches one commit, all of them with fetch-depth: 0)\n',
  },
])("what is not there is said: $given", async ({ given, says }) => {
  const { folder, write, commit } = createCheckout();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));
  commit();

  expect(await feedpass(folder, "access", ...given)).toEqual({ exitCode: 1, stdout: "", stderr: says });
});

describe("a client secret that has ended", () => {
  const both =
    "    both: { role: reader, trust: [{ branch: main }], variablePrefix: B_, signIn: both, secretExpires: 2020-06-30 }";
  const legacy =
    "    legacy: { role: reader, trust: [{ branch: main }], variablePrefix: L_, signIn: secret, secretExpires: 2020-06-30 }";
  const notes = ["both: its jobs sign in with GitHub's token alone", "legacy: no job signs in as legacy any more"].map(
    (line) => {
      const [name = "", words = ""] = line.split(": ");
      return (
        `stacks/Pulumi.widgets.yaml: identities.${name}.secretExpires: the client secret ended on 2020-06-30: ${words}; ` +
        "set a later day and apply the stack, which makes a new secret, or leave secrets behind: signIn oidc"
      );
    },
  );
  const widgets = () => {
    const { folder, write } = createCheckout();
    write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", `${both}\n${legacy}`));
    return folder;
  };

  test("leaves what tokens give, and is told with how it is renewed", async () => {
    expect(await feedpass(widgets(), "access")).toEqual({
      exitCode: 0,
      stderr: `${notes.join("\n")}\n`,
      stdout: `contoso/data/python
┌─────────────────┬──────────┬─────────┬─────────────────────────┬───────────────────────────────────────────────────────┐
│ Repository      │ Identity │ May     │ From                    │ Signs in with                                         │
├─────────────────┼──────────┼─────────┼─────────────────────────┼───────────────────────────────────────────────────────┤
│ contoso/widgets │ both     │ install │ branch main             │ GitHub's token; the client secret ended on 2020-06-30 │
│ contoso/widgets │ legacy   │ install │ nobody since 2020-06-30 │ the client secret ended on 2020-06-30                 │
│ contoso/widgets │ reader   │ install │ branch main             │ GitHub's token                                        │
└─────────────────┴──────────┴─────────┴─────────────────────────┴───────────────────────────────────────────────────────┘
`,
    });
  });

  test("is told in Markdown and in JSON too", async () => {
    const folder = widgets();

    const { stdout: text } = await feedpass(folder, "access", "--markdown");
    const { stdout: json } = await feedpass(folder, "access", "--json");

    expect(text).toContain(
      "| contoso/widgets | legacy | install | nobody since 2020-06-30 | the client secret ended on 2020-06-30 |\n",
    );
    expect(text).toContain("identities.legacy.secretExpires: the client secret ended on 2020-06-30: no job signs in");
    const { grants, notes: told } = JSON.parse(json);
    expect(told).toEqual(notes);
    expect(grants).toMatchObject([
      { identity: "both", from: [{ kind: "branch", value: "main" }], secretEnd: { state: "ended", day: "2020-06-30" } },
      { identity: "legacy", from: [], secretEnd: { state: "ended", signIn: "secret" } },
      { identity: "reader" },
    ]);
  });
});

test("a project without stacks gives nobody access", async () => {
  const { folder } = createCheckout();

  expect(await feedpass(folder, "access")).toEqual({ exitCode: 0, stdout: "Nobody has access.\n", stderr: "" });
});

test("a broken file is reported with all of its problems, and hides no other", async () => {
  const { folder, write } = createCheckout();
  write(
    "stacks/Pulumi.gadgets.yaml",
    stackFile("contoso/gadgets")
      .replace("role: reader", "role: owner")
      .replace("branch: main", "branch: refs/heads/main"),
  );
  write("stacks/Pulumi.tools.yaml", "config:\n\tx: 1\n");
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));

  const { exitCode, stdout, stderr } = await feedpass(folder, "access");

  expect(exitCode).toBe(1);
  expect(stdout).toContain("│ contoso/widgets │ reader   │ install │ branch main │ GitHub's token │");
  expect(stderr).toBe(`2 problems in stacks/Pulumi.gadgets.yaml, nothing was changed:
  stacks/Pulumi.gadgets.yaml: identities.reader.role: got "owner", expected reader, collaborator or contributor; feedpass gives no role that administers a feed
  stacks/Pulumi.gadgets.yaml: identities.reader.trust[0].branch: got "refs/heads/main", expected the exact name of a branch; write the name without refs/heads/
1 problem in stacks/Pulumi.tools.yaml, nothing was changed:
  stacks/Pulumi.tools.yaml: line 2: not valid YAML: tabs are not allowed as indentation
`);
});

test("a broken file that is not asked for fails nothing", async () => {
  const { folder, write } = createCheckout();
  write("stacks/Pulumi.tools.yaml", "config:\n\tx: 1\n");
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));

  const { exitCode, stderr } = await feedpass(folder, "access", "widgets");

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("a Pulumi.yaml that cannot be read is what is wrong", async () => {
  const { folder, write } = createCheckout();
  write("Pulumi.yaml", "name: feedpass\nname: feedpass\n");

  const { exitCode, stderr } = await feedpass(folder, "access");

  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    "1 problem in Pulumi.yaml, nothing was changed:\n  Pulumi.yaml: line 2: not valid YAML: map keys must be unique\n",
  );
});

test("what files do not show is said", async () => {
  const { folder, write } = createCheckout();
  write("stacks/Pulumi.widgets.yaml", `${stackFile("contoso/widgets")}environment: [team/prod]\n`);

  const { exitCode, stderr } = await feedpass(folder, "access");

  expect(exitCode).toBe(0);
  expect(stderr).toBe(
    "stacks/Pulumi.widgets.yaml: settings may also come from Pulumi ESC (team/prod), which no file shows\n",
  );
});

test("files that no stack can have are passed by", async () => {
  const { folder, write } = createCheckout();
  write("stacks/Pulumi.a b.yaml", "not read");
  write("stacks/Pulumi.yaml", "not read");
  write("stacks/settings.schema.json", "{}");
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));

  const { exitCode, stdout } = await feedpass(folder, "access", "--json");

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).grants).toHaveLength(1);
});
