import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ActionWorld, createActionWorld, type RunnerJob } from "../../support/feed-action.ts";

let world: ActionWorld;
beforeAll(async () => {
  world = await createActionWorld();
});
afterAll(() => world.close());

const cleanup = { mode: "cleanup" };
const former = "[distutils]\nindex-servers = pypi\n";

/** Leaves a file as the runner's owner may have one. */
function writeFormer(job: RunnerJob): string {
  const file = join(job.home, ".pypirc");
  writeFileSync(file, former);
  chmodSync(file, 0o640);
  return file;
}

test("cleanup empties each variable that setup sets, and no other", async () => {
  const job = world.startJob();
  const extra = "https://pkgs.dev.azure.com/contoso/_packaging/shared@Release/pypi/simple/";
  const setup = await job.run({ ...world.inputs, "extra-index-url": extra });

  const { exitCode, variables, outputs, output } = await job.run(cleanup);

  expect(exitCode).toBe(0);
  expect(variables).toEqual(Object.fromEntries(Object.keys(setup.variables).map((name) => [name, ""])));
  expect(outputs).toEqual({ token: "", "index-url": "", "upload-url": "" });
  expect(output).toBe("The credentials of the feed are gone from this job");
});

test("nothing is left in the home folder", async () => {
  const job = world.startJob();
  await job.run(world.inputs);

  await job.run(cleanup);

  expect(readdirSync(job.home)).toEqual([]);
});

test("a former ~/.pypirc is back, as it was", async () => {
  const job = world.startJob();
  const file = writeFormer(job);
  await job.run(world.inputs);
  const during = readFileSync(file, "utf8");

  await job.run(cleanup);

  expect(during).not.toContain("pypi\n[");
  expect(during).toContain("[python]");
  expect(readFileSync(file, "utf8")).toBe(former);
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(job.home)).toEqual([".pypirc"]);
});

test("a second setup, as after a job that was cut off, does not take our file for the former one", async () => {
  const job = world.startJob();
  const file = writeFormer(job);
  await job.run(world.inputs);
  const second = await job.run(world.inputs);
  const during = readFileSync(file, "utf8");

  await job.run(cleanup);

  expect(during).toContain(`password = ${second.outputs.token}\n`);
  expect(readFileSync(file, "utf8")).toBe(former);
  expect(readdirSync(job.home)).toEqual([".pypirc"]);
});

test("a file that somebody else put in place of ours stays", async () => {
  const job = world.startJob();
  await job.run(world.inputs);
  const file = writeFormer(job);

  await job.run(cleanup);

  expect(readFileSync(file, "utf8")).toBe(former);
});

test("cleanup after a sign-in that was refused is no failure", async () => {
  const job = world.startJob({ ref: "refs/heads/develop" });
  await job.run(world.inputs);

  const { exitCode } = await job.run(cleanup);

  expect(exitCode).toBe(0);
  expect(readdirSync(job.home)).toEqual([]);
});
