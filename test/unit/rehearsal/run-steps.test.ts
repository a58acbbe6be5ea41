import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CompositeAction, readAction, type Step } from "../../../sandbox/rehearsal/definitions.ts";
import { JobLog } from "../../../sandbox/rehearsal/log.ts";
import type { Machine } from "../../../sandbox/rehearsal/machine.ts";
import { type RunningJob, runSteps } from "../../../sandbox/rehearsal/run-steps.ts";

// Proves that steps are run as GitHub's runner runs them, in bash: what one leaves to the next, and what stops a job.

let folder = "";
let machine: Machine;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "feedpass-steps-"));
  const { PATH = "" } = process.env;
  machine = {
    home: folder,
    temp: folder,
    workspace: folder,
    environment: { PATH, HOME: folder },
    async run(script, { folder: cwd, environment: env, strict }) {
      const flags = strict ? ["-eo", "pipefail", "-c"] : ["-e", "-c"];
      const { exitCode, all } = await execa("bash", [...flags, script], {
        cwd,
        env,
        extendEnv: false,
        all: true,
        reject: false,
      });
      return { exitCode: exitCode ?? 1, output: all };
    },
    remove() {},
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(steps: readonly Step[], changes: Partial<RunningJob> = {}) {
  return runSteps(
    {
      machine,
      log: new JobLog([]),
      contexts: { github: {}, vars: { NAME: "value" }, secrets: {} },
      environment: {},
      findAction: () => undefined,
      play: (name) => `played ${name}`,
      ...changes,
    },
    steps,
  );
}

const expression = (text: string) => `\${{ ${text} }}`;

test("a step leaves variables, outputs and folders of programs to those after it", async () => {
  const steps = await run([
    {
      id: "first",
      run: `echo A=1 >> "$GITHUB_ENV"; echo "out=x y" >> "$GITHUB_OUTPUT"
mkdir bin && printf '#!/bin/sh\\necho mine\\n' > bin/own && chmod +x bin/own && echo "$PWD/bin" >> "$GITHUB_PATH"`,
    },
    { run: 'echo "$A $B $C"; own', env: { B: expression("steps.first.outputs.out"), C: expression("env.A") } },
  ]);

  expect(steps.map(({ outcome, log }) => [outcome, log])).toEqual([
    ["success", ""],
    ["success", "1 x y 1\nmine"],
  ]);
});

test("after a failure only what asks for it runs", async () => {
  const steps = await run([
    { run: "echo before; false" },
    { run: "echo no" },
    { run: "echo yes", if: "always()" },
    { run: "echo also", if: "failure()" },
  ]);

  expect(steps.map(({ outcome, log }) => [outcome, log])).toEqual([
    ["failure", "before\nError: Process completed with exit code 1."],
    ["skipped", ""],
    ["success", "yes"],
    ["success", "also"],
  ]);
});

test("a step that may fail stops nothing", async () => {
  const steps = await run([{ run: "exit 3", "continue-on-error": true }, { run: "echo on" }]);

  expect(steps.map(({ outcome }) => outcome)).toEqual(["failure", "success"]);
});

test("a failure within a pipe counts where bash was asked for by name", async () => {
  const steps = await run([
    { run: "false | cat", "continue-on-error": true },
    { run: "false | cat", shell: "bash", "continue-on-error": true },
  ]);

  expect(steps.map(({ outcome }) => outcome)).toEqual(["success", "failure"]);
});

test("what one step asks to hide is hidden in the next", async () => {
  const steps = await run([{ run: "echo ::add-mask::s3cret" }, { run: "echo my s3cret" }]);

  expect(steps.map(({ log }) => log)).toEqual(["", "my ***"]);
});

test("an action that is not run here is played, by its name", async () => {
  const [step] = await run([{ uses: "actions/checkout@0123456789012345678901234567890123456789" }]);

  expect(step).toMatchObject({ outcome: "success", log: "played actions/checkout" });
});

describe("a composite action", () => {
  let action: CompositeAction;

  beforeEach(() => {
    mkdirSync(join(folder, "action"));
    writeFileSync(
      join(folder, "action/script.sh"),
      'echo "out=$GIVEN $USUAL" >> "$GITHUB_OUTPUT"; echo A=2 >> "$GITHUB_ENV"',
    );
    writeFileSync(
      join(folder, "action/action.yml"),
      `name: Own
description: An action.
inputs:
  given: { description: One. }
  usual: { description: Another., default: b }
outputs:
  both: { description: Both., value: "${expression("steps.inner.outputs.out")}" }
runs:
  using: composite
  steps:
    - id: inner
      shell: bash
      run: bash "$GITHUB_ACTION_PATH/script.sh"
      env: { GIVEN: "${expression("inputs.given")}", USUAL: "${expression("inputs.usual")}" }
`,
    );
    action = readAction(join(folder, "action"));
  });

  test("runs its own scripts with its inputs, and leaves outputs and variables", async () => {
    const steps = await run(
      [
        { id: "own", uses: "./action", with: { given: expression("vars.NAME") } },
        { run: 'echo "$BOTH $A"', env: { BOTH: expression("steps.own.outputs.both") } },
      ],
      { findAction: () => action },
    );

    expect(steps.map(({ log }) => log)).toEqual(["", "value b 2"]);
  });

  test("is not given what it has no input for", async () => {
    const given = run([{ uses: "./action", with: { gven: "x" } }], { findAction: () => action });

    await expect(given).rejects.toThrow("the action Own has no input gven");
  });

  test("runs in full after a failure too, where it is asked to", async () => {
    const steps = await run([{ run: "false" }, { id: "own", uses: "./action", if: "always()" }], {
      findAction: () => action,
    });

    expect(steps.map(({ outcome }) => outcome)).toEqual(["failure", "success"]);
  });
});
