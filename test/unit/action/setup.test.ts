import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  type ActionWorld,
  createActionWorld,
  indexUrl,
  maskedValues,
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

test("a trusted job gets pip, uv and twine set up with a token for Azure DevOps", async () => {
  const { exitCode, variables, outputs } = await world.startJob().run(world.inputs);

  const { token = "" } = outputs;
  const claims = decodeJwt(token);
  expect(exitCode).toBe(0);
  expect([claims.aud, claims.appid, claims.tid]).toEqual([
    "499b84ac-1321-427f-aa17-267ca6975798",
    world.clientId,
    world.tenantId,
  ]);
  expect(outputs).toEqual({ token, "index-url": indexUrl, "upload-url": uploadUrl });
  expect(variables).toEqual({
    PIP_INDEX_URL: indexUrl.replace("https://", `https://feedpass:${token}@`),
    PIP_NO_INPUT: "1",
    UV_DEFAULT_INDEX: indexUrl.replace("https://", `https://feedpass:${token}@`),
    TWINE_REPOSITORY_URL: uploadUrl,
    TWINE_USERNAME: "feedpass",
    TWINE_PASSWORD: token,
    TWINE_NON_INTERACTIVE: "1",
    UV_PUBLISH_URL: uploadUrl,
    UV_PUBLISH_USERNAME: "feedpass",
    UV_PUBLISH_PASSWORD: token,
  });
});

test("twine finds the feed by its name in a ~/.pypirc that nobody else can read", async () => {
  const job = world.startJob();

  const { outputs } = await job.run(world.inputs);

  const file = join(job.home, ".pypirc");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8").split("\n")).toEqual([
    "# Written by feedpass. Its cleanup removes this file and puts the former one back.",
    "[distutils]",
    "index-servers =",
    "    python",
    "",
    "[python]",
    `repository = ${uploadUrl}`,
    "username = feedpass",
    `password = ${outputs.token}`,
    "",
  ]);
});

test("a job that only installs gets nothing to publish with", async () => {
  const job = world.startJob();

  const { exitCode, variables, outputs } = await job.run({ ...world.inputs, "upload-url": "" });

  expect(exitCode).toBe(0);
  expect(Object.keys(variables)).toEqual(["PIP_INDEX_URL", "PIP_NO_INPUT", "UV_DEFAULT_INDEX"]);
  expect(outputs["upload-url"]).toBe("");
  expect(existsSync(join(job.home, ".pypirc"))).toBe(false);
});

test("further feeds become further indexes, for a second setup in the job too", async () => {
  const extra = ["shared@Release", "internal"].map(
    (feed) => `https://pkgs.dev.azure.com/contoso/_packaging/${feed}/pypi/simple/`,
  );
  const job = world.startJob();

  const first = await job.run({ ...world.inputs, "extra-index-url": extra.join(" ") });
  const second = await job.run({ ...world.inputs, "extra-index-url": extra.join(" ") }, first.variables);

  const withToken = extra.map((url) => url.replace("https://", `https://feedpass:${first.outputs.token}@`)).join(" ");
  expect(first.exitCode).toBe(0);
  expect([first.variables.PIP_EXTRA_INDEX_URL, first.variables.UV_INDEX]).toEqual([withToken, withToken]);
  expect(shownLines(first.output)).toEqual(expect.arrayContaining(extra.map((url) => `and from ${url}`)));
  expect(second.exitCode).toBe(0);
});

test("a further feed elsewhere than in Azure Artifacts is refused before anybody signs in", async () => {
  const run = await world
    .startJob()
    .run({ ...world.inputs, "extra-index-url": `${indexUrl} https://pypi.org/simple/` });

  expect(run.exitCode).toBe(1);
  expect(run.output).toContain("extra-index-url is not the address of a feed on https://pkgs.dev.azure.com");
  expect(run.output).not.toContain("::add-mask::");
});

test("the log shows who signed in and where to, and no token but in the lines that mask it", async () => {
  const job = world.startJob();

  const { output, outputs } = await job.run(world.inputs);

  const masked = maskedValues(output);
  expect(shownLines(output)).toEqual([
    `Signed in without a secret: ${world.clientId} trusts repo:contoso/widgets:ref:refs/heads/main`,
    `pip and uv install from ${indexUrl}`,
    `twine and uv publish to ${uploadUrl} (in ~/.pypirc: python)`,
  ]);
  expect(masked).toHaveLength(2);
  expect(decodeJwt(masked[0] ?? "").iss).toBe("https://token.actions.githubusercontent.com");
  expect(masked[1]).toBe(outputs.token);
  expect(output).not.toContain(job.requestToken);
});

test("a job of a trusted environment signs in, whatever its event", async () => {
  const job = world.startJob({ event: "workflow_dispatch", environment: "Release" });

  const { exitCode, output } = await job.run(world.inputs);

  expect(exitCode).toBe(0);
  expect(output).toContain("trusts repo:contoso/widgets:environment:Release");
});

test("a feed of an organization, and a view of a feed, are addresses too", async () => {
  const [simple, upload] = ["simple", "upload"].map(
    (end) => `https://pkgs.dev.azure.com/contoso/_packaging/shared@Local/pypi/${end}`,
  );

  const { exitCode, outputs } = await world
    .startJob()
    .run({ ...world.inputs, "index-url": simple ?? "", "upload-url": upload ?? "" });

  expect(exitCode).toBe(0);
  expect([outputs["index-url"], outputs["upload-url"]]).toEqual([simple, upload]);
});
