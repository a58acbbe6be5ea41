import { expect, test } from "vitest";
import { runProcess } from "../../../sandbox/offline/run-process.ts";

const command = (script: string) => ({
  file: process.execPath,
  args: ["-e", script],
  cwd: import.meta.dirname,
  environment: { COLOUR: "red" },
});

function collector() {
  const written: [string, string][] = [];
  return { written, write: (stream: "stdout" | "stderr", text: string) => written.push([stream, text]) };
}

const never = new AbortController().signal;

test("passes on what a process writes, and how it ends", async () => {
  const output = collector();

  const exit = await runProcess(
    command("console.log(process.env.COLOUR); console.error('é'); process.exit(3)"),
    output,
    never,
  );

  expect(exit).toEqual({ code: 3, signal: null });
  expect(output.written.sort()).toEqual([
    ["stderr", "é\n"],
    ["stdout", "red\n"],
  ]);
});

test("ends a process when it is told to", async () => {
  const stop = new AbortController();
  const output = { write: () => stop.abort() };

  const exit = await runProcess(command("console.log('up'); setInterval(() => {}, 1000)"), output, stop.signal);

  expect(exit).toEqual({ code: null, signal: "SIGTERM" });
});

test("does not let a process run that was stopped before it began", async () => {
  const exit = await runProcess(command("setInterval(() => {}, 1000)"), collector(), AbortSignal.abort());

  expect(exit).toEqual({ code: null, signal: "SIGTERM" });
});

test("says so where there is no such program", async () => {
  const missing = { ...command(""), file: "/no/such/program" };

  await expect(runProcess(missing, collector(), never)).rejects.toThrow("spawn /no/such/program ENOENT");
});
