import { execFile } from "node:child_process";
import { expect, test } from "vitest";
import { coloursFor, visible } from "../../../cli/output.ts";
import { createCheckout, feedpass, stackFile } from "./checkout.ts";

test("the help names every command, and what the exit codes mean", async () => {
  const { exitCode, stdout, stderr } = await feedpass("/", "--help");

  expect(exitCode).toBe(0);
  expect(stderr).toBe("");
  expect([...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)).toContain("access");
  expect(stdout).toContain("Exit codes: 0 done; 1 failed, or a file is wrong; 2 changes or drift");
});

test.each([
  {
    given: ["acess"],
    says: "error: unknown command 'acess'\n(Did you mean access?)\nrun it with --help to see how it is used\n",
  },
  { given: ["access", "--nope"], says: "error: unknown option '--nope'\nrun it with --help to see how it is used\n" },
  {
    given: ["access", "--feed"],
    says: "error: option '--feed <path>' argument missing\nrun it with --help to see how it is used\n",
  },
  {
    given: ["access", "--json", "--markdown"],
    says: "error: option '--markdown' cannot be used with option '--json'\nrun it with --help to see how it is used\n",
  },
  { given: ["access", "--exit-code"], says: "--exit-code is for --diff\n" },
])("a mistake on the command line is one message and no stack: $given", async ({ given, says }) => {
  const { folder } = createCheckout();

  const ended = await feedpass(folder, ...given);

  expect(ended).toEqual({ exitCode: 1, stdout: "", stderr: says });
});

test("outside of a project the command says what it looked for", async () => {
  const ended = await feedpass("/", "access");

  expect(ended).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: 'no feedpass project here: neither / nor a folder above it has a Pulumi.yaml with "name: feedpass"\n',
  });
});

test("a project of another name on the way up is passed by", async () => {
  const { folder, write } = createCheckout();
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));
  write("tools/Pulumi.yaml", "name: tools\nruntime: nodejs\n");

  const { exitCode, stdout } = await feedpass(`${folder}/tools`, "access", "--json");

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).grants).toHaveLength(1);
});

test("only a terminal gets colours, and not where NO_COLOR is set", () => {
  const terminal = { isTTY: true };

  const marked = [
    coloursFor(terminal, {}).red("x"),
    coloursFor(terminal, { NO_COLOR: "1" }).red("x"),
    coloursFor(terminal, { TERM: "dumb" }).red("x"),
    coloursFor({}, {}).red("x"),
    coloursFor({ isTTY: false }, { FORCE_COLOR: "1" }).red("x"),
  ];

  expect(marked).toEqual(["\u001b[31mx\u001b[39m", "x", "x", "x", "x"]);
});

test("what a terminal obeys or hides is shown as what it is", () => {
  expect(visible("a\u001b[31mb\u202ec\nd")).toBe("a\\u{1b}[31mb\\u{202e}c\nd");
});

test("the installed command runs from a folder of the project, and a reader that stops early does no harm", async () => {
  const { folder, write } = createCheckout();
  for (let index = 0; index < 300; index++) write(`stacks/Pulumi.s${index}.yaml`, stackFile(`contoso/s${index}`));
  const command = `"${process.execPath}" "${process.cwd()}/cli/feedpass.js" access --json | head -n 2`;

  const { stdout, stderr } = await shell(command, `${folder}/stacks`);

  expect({ stdout, stderr }).toEqual({ stdout: '{\n  "grants": [\n', stderr: "" });
});

function shell(command: string, cwd: string): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile("sh", ["-c", command], { cwd }, (error, stdout, stderr) =>
      error ? reject(error) : resolve({ stdout, stderr }),
    );
  });
}
