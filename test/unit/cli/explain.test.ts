import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { serve } from "@hono/node-server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { client, createWorld, widgets as repository, type World } from "../../support/github.ts";
import { createCheckout, feedpass, stackFile } from "./checkout.ts";

// Proves the command: what it prints, how it ends, and that it asks GitHub only where nothing else tells.

const publisher =
  "    publisher: { role: contributor, trust: [{ environment: release }], acceptedRisks: [pullRequestWrites] }";
const pinned = `${publisher}\n  feedpass:environments: { release: {} }\n  feedpass:subjectPrefix: repo:contoso/widgets`;

beforeEach(() => {
  // Nobody listens there: whatever is asked fails at once.
  vi.stubEnv("GITHUB_BASE_URL", "http://127.0.0.1:9");
  for (const name of ["HTTPS_PROXY", "https_proxy"]) vi.stubEnv(name, undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function widgets(more: string): string {
  const { folder, write } = createCheckout();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", more));
  return folder;
}

/** Serves GitHub's API to the command, which signs in as an owner. Close it after use. */
async function gitHubAt(world: World) {
  const server = serve({
    fetch: (request: Request) => {
      const { pathname } = new URL(request.url);
      return world.cloud.fetch(new Request(`https://api.github.com${pathname}`, { headers: request.headers }));
    },
    hostname: "127.0.0.1",
    port: 0,
  });
  if (!server.listening) await once(server, "listening");
  const bound = server.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : 0;
  vi.stubEnv("GITHUB_TOKEN", "ada-classic");
  vi.stubEnv("GITHUB_BASE_URL", `http://127.0.0.1:${port}`);
  return server;
}

describe("a job", () => {
  test("that an identity accepts, without a network where the file pins the prefix", async () => {
    const ended = await feedpass(widgets(pinned), "explain", "widgets", "--environment", "release");

    expect(ended).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: `Subject  repo:contoso/widgets:environment:release
Before   nothing, the environment release has no protection

publisher accepts it: it trusts environment release, and may install and publish on contoso/data/python
  its variables are at the environment release: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_ARTIFACTS_INDEX_URL, AZURE_ARTIFACTS_UPLOAD_URL
`,
    });
  });

  test("that none accepts ends with 2, and is told what the nearest want", async () => {
    const ended = await feedpass(widgets(pinned), "explain", "stacks/Pulumi.widgets.yaml", "--ref", "refs/tags/v1");

    expect(ended).toEqual({
      exitCode: 2,
      stderr: "",
      stdout: `Subject  repo:contoso/widgets:ref:refs/tags/v1

No identity accepts it.

Nearest
reader trusts branch main
  the job is of tag v1, trusted is branch main
    add "- tag: v1" to identities.reader.trust in stacks/Pulumi.widgets.yaml and apply it, or run the job on branch main
publisher trusts environment release
  the job is of tag v1, trusted is environment release
    run the job with "environment: release"
`,
    });
  });

  test("that GitHub does not start ends with 2, and is told what would let it in", async () => {
    const more = pinned.replace("release: {}", 'release: { deployFrom: { tags: ["v[0-9].[0-9].[0-9]"] } }');
    const job = ["--environment", "release", "--ref", "refs/tags/v0.71.0"];

    expect(await feedpass(widgets(more), "explain", "widgets", ...job)).toEqual({
      exitCode: 2,
      stderr: "",
      stdout: `GitHub does not start it: the environment release takes deployments from tag v[0-9].[0-9].[0-9], and not from refs/tags/v0.71.0
  run the job from tag v[0-9].[0-9].[0-9], or add "v0.71.0" to environments.release.deployFrom.tags in stacks/Pulumi.widgets.yaml and apply it
`,
    });
  });

  test("is told what stands before it, and what is not known of that", async () => {
    const kept = pinned.replace("release: {}", "release: { reviewers: { teams: [captains] }, waitMinutes: 30 }");
    const foreign = pinned.replace("release: {}", "other: {}");
    const job = ["explain", "widgets", "--environment", "release"];

    const [own, others] = [await feedpass(widgets(kept), ...job), await feedpass(widgets(foreign), ...job)];

    expect(own.stdout).toContain("Before   approval by team captains; 30 minutes of waiting\n");
    expect(others.exitCode).toBe(0);
    expect(others.stdout).toContain(
      "not known: whether GitHub starts it: the environment release is not kept by the file, and GitHub was not asked",
    );
  });

  test("that a pattern may mean is not judged without the repository's id", async () => {
    const stages = "    stages: { role: contributor, variablePrefix: S_, trust: [{ branch: release/* }] }";
    const job = ["explain", "widgets", "--ref", "refs/heads/release/1", "--prefix", "repo:contoso/widgets"];

    const ended = await feedpass(widgets(stages), ...job);

    expect(ended).toEqual({
      exitCode: 1,
      stderr: "",
      stdout: `Subject  repo:contoso/widgets:ref:refs/heads/release/1

cannot tell: stages trusts branch release/*; it is a pattern, which takes the repository's id, and the prefix repo:contoso/widgets does not tell it; set feedpass:repositoryId, or give no prefix and GitHub is asked
`,
    });
  });

  test("is let in by a client secret whatever it is, and that is the exit code too", async () => {
    const secret =
      "    legacy: { role: reader, variablePrefix: L_, signIn: secret, secretExpires: 2027-06-30, trust: [{ branch: main }] }";

    const job = ["explain", "widgets", "--ref", "refs/heads/dev", "--prefix", "repo:contoso/widgets"];
    const { exitCode, stdout } = await feedpass(widgets(secret), ...job);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`
legacy accepts it with the client secret, whatever the job is: it may install on contoso/data/python
  the secret is at the repository: L_AZURE_CREDENTIALS
No identity accepts its token.

Nearest
reader trusts branch main
`);
  });

  test("is not let in by a client secret that has ended, and is told how that is renewed", async () => {
    const secret =
      "    legacy: { role: reader, variablePrefix: L_, signIn: secret, secretExpires: 2020-06-30, trust: [{ branch: main }] }";

    const job = ["explain", "widgets", "--ref", "refs/heads/dev", "--prefix", "repo:contoso/widgets"];
    const { exitCode, stdout } = await feedpass(widgets(secret), ...job);

    expect(exitCode).toBe(2);
    expect(stdout).toContain(`
legacy does not accept it with the client secret: AADSTS7000222
  identities.legacy.secretExpires: the client secret ended on 2020-06-30: no job signs in as legacy any more; set a later day and apply the stack, which makes a new secret, or leave secrets behind: signIn oidc
No identity accepts it.
`);
  });

  test("of pull_request_target is told with what GitHub does not document", async () => {
    const job = ["explain", "widgets", "--event", "pull_request_target"];

    const { stdout } = await feedpass(widgets(pinned), ...job);

    expect(stdout).toContain("not known: what the subject is: GitHub documents it for pull_request alone");
  });

  test("as JSON", async () => {
    const folder = widgets("");

    const { exitCode, stdout } = await feedpass(
      folder,
      ...["explain", "widgets", "--event", "pull_request", "--prefix", "repo:contoso@1/widgets@2", "--json"],
    );

    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      stack: "widgets",
      repository: "contoso/widgets",
      verdict: "refused",
      start: { verdict: "starts", before: [] },
      subject: "repo:contoso@1/widgets@2:pull_request",
      accepted: [],
      ended: [],
      unmatched: [],
      nearest: [
        {
          identity: "reader",
          trusts: "branch main",
          value: "repo:contoso@1/widgets@2:ref:refs/heads/main",
          differences: [
            {
              words: "the job is of pull requests, trusted is branch main",
              fix: 'add "- pullRequest: true" to identities.reader.trust in stacks/Pulumi.widgets.yaml and apply it, or run the job on branch main',
            },
          ],
        },
      ],
      doubts: [],
      prefix: "repo:contoso@1/widgets@2",
      prefixFrom: "--prefix",
      notes: [],
    });
  });

  test("is explained by GitHub's answer, and by the last one when GitHub cannot be reached", async () => {
    const folder = widgets("");
    const server = await gitHubAt(createWorld());
    const job = ["explain", "widgets", "--ref", "refs/heads/main"];

    const asked = await feedpass(folder, ...job);
    vi.stubEnv("GITHUB_BASE_URL", "http://127.0.0.1:9");
    const remembered = await feedpass(folder, ...job);
    server.close();

    expect([asked.exitCode, asked.stderr]).toEqual([0, ""]);
    expect(remembered.exitCode).toBe(0);
    expect(remembered.stdout).toBe(asked.stdout);
    expect(remembered.stderr).toContain("The subject is as told by GitHub, on 20");
    expect(remembered.stderr).toContain("GitHub cannot be reached");
    const kept = readdirSync(join(folder, "node_modules/.cache/feedpass/subjects"));
    expect(kept).toEqual(["contoso+widgets.json"]);
  });

  test("is held against an environment that somebody else keeps, as GitHub protects it now", async () => {
    const world = createWorld();
    const place = { ...repository, environment_name: "release" };
    const ada = client(world, "ada-classic");
    const deployment_branch_policy = { protected_branches: false, custom_branch_policies: true };
    await ada.repos.createOrUpdateEnvironment({ ...place, deployment_branch_policy });
    await ada.repos.createDeploymentBranchPolicy({ ...place, name: "v*", type: "tag" });
    const server = await gitHubAt(world);
    const folder = widgets(
      "    publisher: { role: contributor, variablePrefix: P_, trust: [{ environment: release }] }",
    );
    const from = (ref: string) => feedpass(folder, "explain", "widgets", "--environment", "release", "--ref", ref);

    const [branch, tag] = [await from("refs/heads/main"), await from("refs/tags/v1")];
    server.close();

    expect(branch).toEqual({
      exitCode: 2,
      stderr: "",
      stdout: `GitHub does not start it: the environment release takes deployments from tag v*, and not from refs/heads/main
  run the job from tag v*, or have the environment let it in at GitHub
`,
    });
    expect([tag.exitCode, tag.stderr]).toEqual([0, ""]);
    expect(tag.stdout).toContain("Before   only from tag v*");
  });

  test.each<[string, readonly string[], string]>([
    ["a stack", [], "name a stack, or give an error with --error"],
    ["a stack that is there", ["gadgets"], "no stack of that name: expected stacks/Pulumi.gadgets.yaml"],
    [
      "the ref of a push",
      ["widgets"],
      "the subject says the ref; give it with --ref refs/heads/BRANCH or refs/tags/TAG",
    ],
    ["a ref in full", ["widgets", "--ref", "main"], "write refs/heads/main for the branch, refs/tags/main for the tag"],
    ["an event's own name", ["widgets", "--event", "Pull Request"], "expected an event as workflows name it"],
    ["a pull request for a fork", ["widgets", "--fork"], "--fork is for pull requests: add --event pull_request"],
    ["a whole claim", ["widgets", "--claim", "actor"], '--claim: got "actor", expected NAME=VALUE'],
    ["a workflow with its ref", ["widgets", "--workflow", "publish.yml"], "--workflow: got"],
    ["a prefix", ["widgets", "--prefix", "contoso/widgets"], "--prefix: got"],
    ["a job or an error", ["widgets", "--error", "x", "--ref", "refs/heads/main"], "cannot be used with option"],
  ])("wants %s", async (_title, parameters, message) => {
    const { exitCode, stdout, stderr } = await feedpass(widgets(pinned), "explain", ...parameters);

    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test("without a network, a pin or an earlier answer is told what to do", async () => {
    const { exitCode, stdout, stderr } = await feedpass(widgets(""), "explain", "widgets", "--ref", "refs/heads/main");

    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("GitHub cannot be reached");
    expect(stderr).toContain("--prefix repo:OWNER/NAME");
  });
});

describe("an error", () => {
  const refused =
    "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:contoso/widgets:environment:Release'.";

  test("is explained without a project", async () => {
    const { exitCode, stdout } = await feedpass("/", "explain", "--error", "AADSTS7000222: keys are expired");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("1. the day in identities.NAME.secretExpires has passed\n");
  });

  test("with a stack is compared with what its file trusts", async () => {
    const { exitCode, stdout } = await feedpass(widgets(pinned), "explain", "widgets", "--error", refused);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Subject  repo:contoso/widgets:environment:Release

Nearest
publisher trusts environment release
  the job is of environment Release, trusted is environment release: upper and lower case count
`);
  });

  test("of a subject that only a pattern may mean is not compared without the repository's id", async () => {
    const stages = `    stages: { role: contributor, variablePrefix: S_, trust: [{ branch: release/* }] }`;
    const text = refused.replace("environment:Release", "ref:refs/heads/release/1");
    const job = ["explain", "widgets", "--error", text, "--prefix", "repo:contoso/widgets"];

    const { exitCode, stdout } = await feedpass(widgets(stages), ...job);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "cannot tell: stages trusts branch release/*; it is a pattern, which takes the repository's id",
    );
    expect(stdout).not.toContain("Nearest");
  });

  test("of a job that the file trusts points at what was applied", async () => {
    const text = refused.replace("Release", "release");

    const { exitCode, stdout } = await feedpass(widgets(pinned), "explain", "widgets", "--error", text);

    expect(exitCode).toBe(0);
    expect(stdout).toContain("stacks/Pulumi.widgets.yaml trusts it: publisher trusts environment release.");
  });

  test("is read from standard input, and JSON tells it to scripts", async () => {
    vi.spyOn(process, "stdin", "get").mockReturnValue(Readable.from([refused]) as typeof process.stdin);

    const { exitCode, stdout } = await feedpass("/", "explain", "--error", "-", "--json");

    const { errors, subject, comparison } = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(errors.map(({ id }: { id: string }) => id)).toEqual(["AADSTS700213"]);
    expect([subject, comparison]).toEqual(["repo:contoso/widgets:environment:Release", null]);
  });

  test("that nobody knows ends with 2", async () => {
    const ended = await feedpass("/", "explain", "--error", "it broke");

    expect(ended).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "feedpass does not know this error; docs/errors.md has those that it knows\n",
    });
  });
});
