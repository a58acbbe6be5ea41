import { spawn } from "node:child_process";

/** A command of the toolchain. */
export interface ToolCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Default: the present folder. */
  readonly cwd?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** How a command ended. */
export interface ToolResult {
  /** Undefined where there is no such command on the machine. */
  readonly exitCode: number | undefined;
  /** Standard output, whole. */
  readonly stdout: string;
  /** Standard error, whole. */
  readonly stderr: string;
}

/** Runs a command to its end, and tells each line of its standard error as it comes. */
export type RunTool = (command: ToolCommand, onLine?: (line: string) => void) => Promise<ToolResult>;

/** Runs the command on this machine. */
export const runTool: RunTool = ({ file, args, cwd, environment }, onLine = () => {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    let line = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output.stderr += text;
      const lines = (line + text).split("\n");
      line = lines.pop() ?? "";
      for (const whole of lines) onLine(whole);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve({ exitCode: undefined, ...output });
      else reject(error);
    });
    child.on("close", (code) => resolve({ exitCode: code ?? 1, ...output }));
  });
