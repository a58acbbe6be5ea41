import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  type ActionRun,
  type ActionWorld,
  createActionWorld,
  indexUrl,
  shownLines,
  uploadUrl,
} from "../../support/feed-action.ts";

let world: ActionWorld;
beforeAll(async () => {
  world = await createActionWorld();
});
beforeEach(() => {
  world.cloud.faults.clear();
  world.cloud.requests.clear();
});
afterAll(() => world.close());

/** A refusal leaves nothing behind, and shows these lines, the first of them as an error. */
function expectRefusal({ exitCode, output, variables, outputs }: ActionRun, headline: string, ...lines: string[]) {
  const shown = shownLines(output);
  expect(shown[0]).toBe(`::error title=Azure Artifacts::${headline}`);
  expect(shown).toEqual(expect.arrayContaining(lines));
  expect({ exitCode, variables, outputs }).toEqual({
    exitCode: 1,
    variables: {},
    outputs: { token: "", "index-url": "", "upload-url": "" },
  });
}

test.each([
  ["branch", { ref: "refs/heads/develop" }, "ref:refs/heads/develop", "branch: develop"],
  ["tag", { ref: "refs/tags/v1.0.0" }, "ref:refs/tags/v1.0.0", "tag: v1.0.0"],
  ["pull request", { event: "pull_request", ref: "refs/pull/7/merge" }, "pull_request", "pullRequest: true"],
  ["environment", { environment: "a:b" }, "environment:a%3Ab", "environment: a:b"],
])(
  "an untrusted %s is told what GitHub says of the job, and which entry would trust it",
  async (_, job, context, entry) => {
    const run = await world.startJob(job).run(world.inputs);

    expectRefusal(
      run,
      "Entra refuses the sign-in: no trust entry of the identity is for this job",
      `GitHub presents this job as  repo:contoso/widgets:${context}`,
      `For it to sign in as ${world.clientId}, the trust list of the identity would have to hold  - ${entry}`,
    );
    expect(run.output).toContain("Entra says: AADSTS700213: No matching federated identity record found");
  },
);

test("an environment in another case is told that case counts", async () => {
  const run = await world.startJob({ environment: "release" }).run(world.inputs);

  expectRefusal(
    run,
    "Entra refuses the sign-in: a trust entry is for this job but for upper and lower case, which counts",
    "GitHub presents this job as  repo:contoso/widgets:environment:release",
  );
});

test("a job without id-token: write is told to add it", async () => {
  const run = await world.startJob({ permissions: { contents: "read" } }).run(world.inputs);

  expectRefusal(
    run,
    "this job may not ask GitHub for an ID token: add `id-token: write` to its permissions",
    "      id-token: write",
    "A caller of a reusable workflow has to grant it too. The pull request of a fork is never given it.",
  );
  expect(world.cloud.requests.all()).toEqual([]);
});

test("empty variables are told all at once, with the names that feedpass writes", async () => {
  const run = await world.startJob().run({});

  expectRefusal(run, "nothing was given for: client-id, tenant-id, index-url");
  expect(run.output).toContain("AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_ARTIFACTS_INDEX_URL");
  expect(run.output).toContain("GitHub hands none of them to the pull request of a fork");
});

test("an application that is gone is told so", async () => {
  const run = await world.startJob().run({ ...world.inputs, "client-id": "11111111-2222-4333-8444-555555555555" });

  expectRefusal(
    run,
    "Entra refuses the sign-in: the tenant has no such application: was the stack destroyed, or is client-id of another one?",
  );
});

test("a second package index is refused before anybody signs in", async () => {
  const run = await world.startJob().run(world.inputs, { PIP_EXTRA_INDEX_URL: "https://user:word@example.com/simple" });

  expectRefusal(run, "there is a second package index: PIP_EXTRA_INDEX_URL");
  expect(run.output).not.toContain("word");
  expect(world.cloud.requests.all()).toEqual([]);
});

test("each variable that adds an index is named", async () => {
  const run = await world
    .startJob()
    .run(world.inputs, { UV_INDEX: "https://a.example", UV_EXTRA_INDEX_URL: "https://b" });

  expectRefusal(run, "there is a second package index: UV_INDEX, UV_EXTRA_INDEX_URL");
});

test("a second package index in pip's own configuration is refused too", async () => {
  const job = world.startJob();
  const configuration = join(job.home, "pip.conf");
  writeFileSync(configuration, "[global]\nextra-index-url = https://user:word@example.com/simple\n");

  const run = await job.run(world.inputs, { PIP_CONFIG_FILE: configuration });

  expectRefusal(
    run,
    "there is a second package index: extra-index-url in the configuration of pip (see: pip config debug)",
  );
  expect(run.output).not.toContain("word");
});

test.each([
  ["index-url", "https://pkgs.dev.azure.com@evil.example/contoso/_packaging/python/pypi/simple/"],
  ["index-url", "https://evil.example/contoso/_packaging/python/pypi/simple/"],
  ["index-url", "http://pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/"],
  ["index-url", `${indexUrl}\nPATH=/evil`],
  ["index-url", uploadUrl],
  ["upload-url", indexUrl],
  ["upload-url", "https://upload.pypi.org/legacy/"],
])("the token goes to no %s like %j", async (name, url) => {
  const run = await world.startJob().run({ ...world.inputs, [name]: url });

  expectRefusal(run, `${name} is not the address of a feed on https://pkgs.dev.azure.com`);
  expect(world.cloud.requests.all()).toEqual([]);
});

test("a mode that is none is refused", async () => {
  const run = await world.startJob().run({ ...world.inputs, mode: "tidy" });

  expectRefusal(run, 'mode: got "tidy", expected setup or cleanup');
});
