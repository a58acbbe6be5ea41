import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test, vi } from "vitest";
import { askGitHub } from "../../infra/github/facts.ts";
import { parseRepository } from "../../src/repository.ts";
import { askedGitHub, file, production } from "../support/asked-github.ts";
import { send } from "../support/github.ts";
import { settingsOf, stackFile } from "../support/stack-check.ts";

const { world, address, leaveTemplateUnsaid, ask, asked } = askedGitHub();

test("a repository from before immutable subjects has a prefix of names", async () => {
  expect(await ask("contoso/widgets")).toEqual({
    subjectPrefix: "repo:contoso/widgets",
    template: "repo,context",
    lines: [],
  });
  expect(asked()).toEqual(["/repos/contoso/widgets", "/repos/contoso/widgets/actions/oidc/customization/sub"]);
});

test("a newer repository has a prefix with ids", async () => {
  expect(await ask("contoso/gadgets")).toEqual({
    subjectPrefix: "repo:contoso@2001/gadgets@4004",
    template: "repo,context",
    lines: [],
  });
});

test("a repository that opted in to immutable subjects has a prefix with ids", async () => {
  const path = "/repos/contoso/widgets/actions/oidc/customization/sub";
  const { status } = await send(world, "PUT", `${production}${path}`, "ada-classic", {
    use_default: true,
    use_immutable_subject: true,
  });

  const { subjectPrefix } = await ask("contoso/widgets");

  expect(status).toBe(201);
  expect(subjectPrefix).toBe("repo:contoso@2001/widgets@4001");
});

test("the prefix has GitHub's case, whatever the file's", async () => {
  expect(await ask("Contoso/WIDGETS")).toEqual({
    subjectPrefix: "repo:contoso/widgets",
    template: "repo,context",
    lines: [],
  });
});

test("a file that pins the prefix says how subjects are made, and GitHub all the same what is there", async () => {
  const facts = await ask("contoso/widgets", {
    trust: "{ environment: none }",
    more: "feedpass:subjectPrefix: repo:contoso@7/widgets@8",
  });

  expect(facts).toEqual({
    subjectPrefix: "repo:contoso@7/widgets@8",
    template: "repo,context",
    lines: [
      `${file}identities.reader.trust[0].environment: GitHub knows no environment "none"; name it under environments to make it, or make it first`,
    ],
  });
  expect(asked()).toEqual(["/repos/contoso/widgets", "/repos/contoso/widgets/environments/none"]);
});

test.each(["contoso/none", "fabrikam/none", "nobody/none"])(
  "%s is a repository that GitHub does not know",
  async (name) => {
    const { lines } = await ask(name, { trust: "{ environment: release }" });

    expect(lines).toEqual([
      `${file}repository: GitHub knows no repository ${name} that this sign-in can see; check the name, and that GITHUB_TOKEN may read it`,
    ]);
  },
);

test.each(["mallory-classic", ""])("a private repository is as unknown to the token %j", async (token) => {
  vi.stubEnv("GITHUB_TOKEN", token);

  const { lines } = await ask("contoso/widgets");

  expect(lines).toEqual([
    `${file}repository: GitHub knows no repository contoso/widgets that this sign-in can see; check the name, and that GITHUB_TOKEN may read it`,
  ]);
});

test("a repository that moved is told with its new name", async () => {
  const { status } = await send(world, "PATCH", `${production}/repos/contoso/widgets`, "ada-classic", {
    name: "sprockets",
  });

  const { lines } = await ask("contoso/widgets", { trust: "{ environment: release }" });

  expect(status).toBe(200);
  expect(lines).toEqual([
    `${file}repository: GitHub has moved contoso/widgets to contoso/sprockets; write contoso/sprockets`,
  ]);
});

/** Sets the subject template of a repository or an organization. */
async function customize(path: string, body: object): Promise<void> {
  const { status } = await send(
    world,
    "PUT",
    `${production}/${path}/actions/oidc/customization/sub`,
    "ada-classic",
    body,
  );
  expect(status).toBe(201);
}

test("a customized template is taken over", async () => {
  await customize("repos/contoso/widgets", {
    use_default: false,
    include_claim_keys: ["repo", "context", "job_workflow_ref"],
  });

  expect(await ask("contoso/widgets")).toEqual({
    subjectPrefix: "repo:contoso/widgets",
    template: "repo,context,job_workflow_ref",
    lines: [],
  });
});

test("a template that is the default in other words is no problem", async () => {
  await customize("repos/contoso/widgets", { use_default: false, include_claim_keys: ["repo", "context"] });

  expect(await ask("contoso/widgets")).toEqual({
    subjectPrefix: "repo:contoso/widgets",
    template: "repo,context",
    lines: [],
  });
});

test("an organization's template is for the repositories that gave up the default", async () => {
  await customize("orgs/contoso", { include_claim_keys: ["repository_id", "context"] });
  const before = await ask("contoso/widgets");
  await customize("repos/contoso/widgets", { use_default: false });

  const after = await ask("contoso/widgets");

  expect([before.template, after.template]).toEqual(["repo,context", "repository_id,context"]);
});

test("a server that leaves the organization's template out of its answer is asked for it", async () => {
  await customize("orgs/contoso", { include_claim_keys: ["repo", "ref"] });
  await customize("repos/contoso/widgets", { use_default: false });
  leaveTemplateUnsaid();

  const { template } = await ask("contoso/widgets");

  expect(template).toBe("repo,ref");
  expect(asked()).toContain("/orgs/contoso/actions/oidc/customization/sub");
});

test("an organization's template that may not be read can be pinned", async () => {
  await customize("repos/contoso/widgets", { use_default: false });
  leaveTemplateUnsaid();
  world.cloud.faults.add({ effect: { kind: "status", status: 403 }, path: /^\/orgs\// });

  const { lines } = await ask("contoso/widgets");
  const pinned = await ask("contoso/widgets", { more: "feedpass:subjectTemplate: [repo, context]" });

  expect(lines).toEqual([
    `${file}repository: its subjects follow the template of the organization contoso, which this sign-in may not read; pin it as feedpass:subjectTemplate, or give the token the organization's administration to read`,
  ]);
  expect(pinned).toEqual({ subjectPrefix: "repo:contoso/widgets", template: "repo,context", lines: [] });
});

test("GitHub tells what every token of the repository says of it", async () => {
  const settings = settingsOf(stackFile({}));

  const { subjects } = await askGitHub(parseRepository("CONTOSO/Widgets"), settings);

  expect(subjects.claims).toEqual({
    repository: "contoso/widgets",
    repository_id: "4001",
    repository_owner: "contoso",
    repository_owner_id: "2001",
    repository_visibility: "private",
  });
});

test.each([
  ["repo:contoso@7/widgets@8", "", { repository_owner_id: "7", repository_id: "8" }],
  ["repo:contoso/widgets", 'feedpass:repositoryId: "9"', { repository_id: "9" }],
])("the pinned prefix %s with %j tells what it can", async (prefix, more, ids) => {
  const settings = settingsOf(stackFile({ more: `feedpass:subjectPrefix: ${prefix}\n${more}` }));

  const { subjects } = await askGitHub(parseRepository("contoso/widgets"), settings);

  expect(subjects).toEqual({
    prefix,
    template: ["repo", "context"],
    claims: { repository_owner: "contoso", repository: "contoso/widgets", ...ids },
  });
  expect(asked()).toEqual(["/repos/contoso/widgets"]);
});

test("a server that knows no customization has the prefix of names", async () => {
  world.cloud.faults.add({ effect: { kind: "status", status: 404 }, path: /\/customization\/sub$/ });

  expect(await ask("contoso/gadgets")).toEqual({
    subjectPrefix: "repo:contoso/gadgets",
    template: "repo,context",
    lines: [],
  });
});

test.each(["no-such-token", "ada-over"])("GitHub does not accept the token %s", async (token) => {
  vi.stubEnv("GITHUB_TOKEN", token);

  const { lines } = await ask("contoso/widgets");

  expect(lines).toEqual([
    `${file}repository: GitHub does not accept the sign-in (401); set GITHUB_TOKEN to a token that is valid`,
  ]);
  expect(lines.join()).not.toContain(token);
});

test("a token without the permission to read Actions is told what it needs", async () => {
  vi.stubEnv("GITHUB_TOKEN", "ada-fine");

  const { lines } = await ask("contoso/widgets");

  expect(lines).toEqual([
    `${file}repository: GitHub refuses the sign-in (403: Resource not accessible by personal access token); the token needs to read the repository, its Actions settings and its environments`,
  ]);
});

const limited =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.";

const insisted = /, asked 6 times in \d+ s; run it again$/;
const tooLong =
  /, asked 2 times in \d+ s, and asks to wait 60 s: longer than the 120 s of one question; run it again after \d\d:\d\d UTC$/;

test.each([
  [403, limited, tooLong],
  [429, limited, tooLong],
  [500, "Server Error", insisted],
  [503, "Server Error", insisted],
])("an answer of %d is no verdict on the file: run it again", async (status, words, ending) => {
  world.cloud.faults.add({ effect: { kind: "status", status } });

  const { lines } = await ask("contoso/widgets");

  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`${file}repository: GitHub answered ${status} (${words})`);
  expect(lines[0]).toMatch(ending);
});

test("a server that cannot be reached is told with the reason", async () => {
  const closed = createServer();
  closed.listen(0, "127.0.0.1");
  await once(closed, "listening");
  const bound = closed.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");
  closed.close();
  await once(closed, "close");
  vi.stubEnv("GITHUB_BASE_URL", `http://127.0.0.1:${bound.port}`);

  const { lines } = await ask("contoso/widgets");
  vi.stubEnv("GITHUB_BASE_URL", `${address()}/`);

  expect(lines).toEqual([
    `${file}repository: GitHub cannot be reached (connect ECONNREFUSED 127.0.0.1:${bound.port}); run it again`,
  ]);
});
