import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSandboxCheckout, type SandboxCheckout, told } from "../support/sandbox-checkout.ts";

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

test("what a service has answered outlives a kill -9 of the sandbox that stays up", async () => {
  const sandbox = checkout.start();
  await told(sandbox, "The sandbox is up");
  expect((await checkout.set("ONE", "1")).exitCode).toBe(0);
  const before = readRunning();
  sandbox.kill("SIGKILL");
  await sandbox;

  const asked = await checkout.get("ONE");

  expect(asked).toMatchObject({ exitCode: 0, stdout: "200 1" });
  expect(asked.stderr).toContain(`The sandbox of process ${before.processId} was killed`);
  expect(existsSync(checkout.kept("running.json"))).toBe(false);
  expect((await checkout.get("ONE")).stderr).toBe("");
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
  await checkout.set("ONE", "1");
  sandbox.kill(signal);
  // As the terminal and npm both send it.
  sandbox.kill(signal);

  expect(await sandbox).toMatchObject({ exitCode: 0 });
  expect(leftFiles()).toEqual(clean);
  expect((await checkout.get("ONE")).stdout).toBe("200 1");
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

test("several commands join at once, and what each did is there after a kill", async () => {
  const sandbox = checkout.start();
  await told(sandbox, "The sandbox is up");
  const names = ["A", "B", "C", "D"];
  const joined = await Promise.all(names.map((name) => checkout.set(name, name)));
  sandbox.kill("SIGKILL");
  await sandbox;

  expect(joined.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(names.map(() => [0, ""]));
  const again = checkout.start();
  await told(again, "The sandbox is up");
  const asked = await Promise.all(names.map((name) => checkout.get(name)));
  expect(asked.map(({ stdout }) => stdout)).toEqual(names.map((name) => `200 ${name}`));
  again.kill("SIGTERM");
  await again;
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

test.each([
  ["running.json", (text: string) => text.slice(0, text.length / 2), "cut off, or of another version of feedpass"],
  ["state.json", (text: string) => text.slice(0, text.length / 2), "cut off, or not written by the sandbox"],
  ["state.json", () => "", "cut off, or not written by the sandbox"],
  ["state.json", (text: string) => text.replace('"version":2', '"version":3'), "got version 3"],
])("%s that cannot be used: a sentence and a way out, no stack trace, no credentials", async (name, damage, words) => {
  const sandbox = checkout.start();
  await told(sandbox, "The sandbox is up");
  const { GITHUB_TOKEN, ARM_CLIENT_SECRET } = readRunning().environment;
  const whole = readFileSync(checkout.kept(name), "utf8");
  sandbox.kill("SIGKILL");
  await sandbox;
  if (name !== "running.json") rmSync(checkout.kept("running.json"));
  writeFileSync(checkout.kept(name), damage(whole));

  const asked = await checkout.get("ONE");

  expect(asked.exitCode).toBe(1);
  expect(asked.all.split("\n")).toHaveLength(1);
  expect(asked.all).toContain(`${checkout.kept(name)}: ${words}`);
  expect(asked.all).toMatch(/delete this file|npm run sandbox -- --reset/);
  expect(asked.all).not.toContain(GITHUB_TOKEN);
  expect(asked.all).not.toContain(ARM_CLIENT_SECRET);
  // The way out that it names.
  if (name === "running.json") rmSync(checkout.kept(name));
  expect((await checkout.start("--reset", "true")).exitCode).toBe(0);
});
