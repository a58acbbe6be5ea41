import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, expect, onTestFinished, test } from "vitest";

const script = join(
  import.meta.dirname,
  "..",
  "..",
  "..",
  "sandbox",
  "offline",
  "bin",
  "pulumi-analyzer-policy-nodejs",
);
let pack: string;

beforeEach(async () => {
  pack = await mkdtemp(join(tmpdir(), "policy-"));
  onTestFinished(() => rm(pack, { recursive: true }));
});

test("starts the policy pack in the working folder by the SDK that is installed there", async () => {
  const runner = join(pack, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  await mkdir(runner, { recursive: true });
  await writeFile(
    join(runner, "index.js"),
    "console.log(JSON.stringify([process.argv.slice(2), process.execArgv, process.title]))",
  );

  const { stdout } = await promisify(execFile)(
    script,
    ["127.0.0.1:1", ".", "-typescript=false", "-nodeargs=--title=pack --no-warnings"],
    { cwd: pack },
  );

  expect(JSON.parse(stdout)).toEqual([["127.0.0.1:1", "."], ["--title=pack", "--no-warnings"], "pack"]);
});

test("says in the engine's words that the SDK is missing", async () => {
  await expect(promisify(execFile)(script, ["127.0.0.1:1", "."], { cwd: pack })).rejects.toMatchObject({
    code: 1,
    stderr: "Cannot find module '@pulumi/pulumi/cmd/run-policy-pack'\n",
  });
});
