import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openSandboxCheckout, type SandboxCheckout, told } from "../support/sandbox-checkout.ts";

// Several processes a test, on a machine that may have others to run.
vi.setConfig({ testTimeout: 300_000 });

// Proves with real processes that the sandbox outlives each way of being ended, and what it says of what others left.

let checkout: SandboxCheckout;

beforeEach(() => {
  checkout = openSandboxCheckout();
});

afterEach(() => checkout.close());

const readRunning = () => JSON.parse(readFileSync(checkout.kept("running.json"), "utf8"));

/** Files of the folder that a run leaves for the next one. */
const leftFiles = () => readdirSync(checkout.kept("")).sort();
const clean = ["authority.pem", "changes-2.jsonl", "stacks", "state.json"];

test("commands that join at once: what each was answered outlives a kill -9 of their sandbox", async () => {
  const sandbox = checkout.start();
  await told(sandbox, "The sandbox is up");
  const joined = await Promise.all(["ONE", "TWO", "THREE"].map((name) => checkout.set(name, "1")));
  const { processId } = readRunning();
  sandbox.kill("SIGKILL");
  await sandbox;

  const asked = await checkout.start("sh", "-c", "for name in ONE TWO THREE; do node client.mjs get $name; done");

  expect(joined.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([1, 2, 3].map(() => [0, ""]));
  expect(asked).toMatchObject({ exitCode: 0, stdout: "200 1\n200 1\n200 1" });
  expect(asked.stderr).toBe(`The sandbox of process ${processId} was killed; its services go on as they were.`);
  expect(leftFiles()).toEqual(["authority.pem", "changes-3.jsonl", "stacks", "state.json"]);
});

test("what a service has answered outlives a kill -9 of the sandbox of one command", async () => {
  const sandbox = checkout.start("sh", "-c", `node client.mjs set ONE 1; echo set; exec sleep 5`);
  await told(sandbox, "set");
  sandbox.kill("SIGKILL");

  expect(await checkout.get("ONE")).toMatchObject({ exitCode: 0, stdout: "200 1" });
});

test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s ends the sandbox that stays up, in order", async (signal) => {
  const sandbox = checkout.start();
  await told(sandbox, "The sandbox is up");
  sandbox.kill(signal);
  // As the terminal and npm both send it.
  sandbox.kill(signal);

  expect(await sandbox).toMatchObject({ exitCode: 0 });
  expect(leftFiles()).toEqual(clean);
});

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends the command first, then its sandbox", async (signal, exitCode) => {
  const ended = `trap 'node client.mjs set LAST words; exit ${exitCode}' ${signal.slice(3)}; echo ready; while :; do sleep 0.1; done`;
  const sandbox = checkout.start("sh", "-c", ended);
  await told(sandbox, "ready");
  sandbox.kill(signal);

  expect(await sandbox).toMatchObject({ exitCode });
  expect(leftFiles()).toEqual(clean);
  expect((await checkout.get("LAST")).stdout).toBe("200 words");
});

test("a command that a signal ends says so by its code", async () => {
  const sandbox = checkout.start("sh", "-c", "echo ready; exec sleep 30");
  await told(sandbox, "ready");
  sandbox.kill("SIGTERM");

  expect(await sandbox).toMatchObject({ exitCode: 143 });
});

test("of two that start at once, one has the sandbox", async () => {
  const both = [checkout.start(), checkout.start()];
  await Promise.any(both.map((one) => told(one, "The sandbox is up")));
  const holder = readRunning().processId;
  const first = both.find(({ pid }) => pid === holder);
  const second = both.find(({ pid }) => pid !== holder);

  expect(await second).toMatchObject({ exitCode: 1 });
  expect((await second)?.stderr).toContain(`a sandbox is up already (process ${holder})`);
  first?.kill("SIGTERM");
  expect(await first).toMatchObject({ exitCode: 0 });
});

test("another process's id and port are no sandbox", async () => {
  const other = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  await checkout.set("ONE", "1");
  const door = `http://127.0.0.1:${(other.address() as AddressInfo).port}/${crypto.randomUUID()}`;
  const running = { processId: process.pid, stays: true, door, environment: { GITHUB_TOKEN: "ghu_secret" } };
  writeFileSync(checkout.kept("running.json"), JSON.stringify(running));

  const asked = await checkout.get("ONE");

  expect(asked).toMatchObject({ exitCode: 0, stdout: "200 1" });
  other.close();
});

test("a process that does not answer is told of, with the way out", async () => {
  const sandbox = checkout.start();
  await told(sandbox, "The sandbox is up");
  sandbox.kill("SIGSTOP");

  const asked = await checkout.get("ONE");

  expect(asked.exitCode).toBe(1);
  expect(asked.all).toBe(
    `process ${sandbox.pid} has a sandbox up and does not answer; let it go on or end it ("kill ${sandbox.pid}"), or, if that process is no sandbox, delete ${checkout.kept("running.json")}`,
  );
  sandbox.kill("SIGCONT");
  sandbox.kill("SIGTERM");
  await sandbox;
});

test("files that cannot be used: a sentence and a way out, no stack trace, no credentials", async () => {
  await checkout.start("true");
  const state = readFileSync(checkout.kept("state.json"), "utf8");
  const { githubToken, clientSecret } = JSON.parse(state).credentials;
  const half = (text: string) => text.slice(0, text.length / 2);
  const running = JSON.stringify({ processId: process.pid, stays: true, environment: { GITHUB_TOKEN: githubToken } });
  const cases = [
    ["running.json", half(running), "cut off, or of another version of feedpass; end the sandbox"],
    ["running.json", running, "cut off, or of another version of feedpass; end the sandbox"],
    ["state.json", half(state), "cut off, or not written by the sandbox"],
    ["state.json", "", "cut off, or not written by the sandbox"],
    ["state.json", state.replace('"version":2', '"version":3'), "got version 3, this feedpass reads up to 2"],
  ] as const;

  for (const [name, text, words] of cases) {
    writeFileSync(checkout.kept(name), text);
    const asked = await checkout.get("ONE");

    expect(asked.exitCode).toBe(1);
    expect(asked.all.split("\n")).toHaveLength(1);
    expect(asked.all).toContain(`${checkout.kept(name)}: ${words}`);
    expect(asked.all).toMatch(/delete this file$|"npm run sandbox -- --reset" begins anew/);
    for (const credential of [githubToken, clientSecret]) expect(asked.all).not.toContain(credential);
    // The way out that it names.
    if (name === "running.json") rmSync(checkout.kept(name));
  }
  const again = await checkout.start("--reset", "true");

  expect(again.exitCode).toBe(0);
  expect(again.stderr).toContain("npm run sandbox -- npx pulumi stack select NAME --create");
});

test("a start that finds stacks newer than its services says so until the engine has written them", async () => {
  await checkout.start("true");
  const stack = join(checkout.kept("stacks"), ".pulumi/stacks/feedpass/contoso-widgets.json");
  mkdirSync(dirname(stack), { recursive: true });
  writeFileSync(
    stack,
    JSON.stringify({ version: 3, checkpoint: { latest: { resources: [{ urn: "urn:pulumi:x" }] } } }),
  );
  const known = await checkout.start("true");
  rmSync(checkout.kept("state.json"));

  const first = await checkout.start("true");
  const second = await checkout.start("true");
  utimesSync(stack, new Date(), new Date(Date.now() + 1000));
  const third = await checkout.start("true");

  expect(known.stderr).toBe("");
  expect(first.stderr).toContain("The stacks are newer than the services: what contoso-widgets made may not be there");
  expect(first.stderr).toContain("npm run sandbox -- npx pulumi refresh -s contoso-widgets");
  expect(second.stderr).toBe(first.stderr);
  expect(third.stderr).toBe("");
});
