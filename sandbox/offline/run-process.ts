import { spawn } from "node:child_process";

/** A process to start. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Where a process's output goes, in the order in which it comes. */
export interface OutputSink {
  write(stream: "stdout" | "stderr", text: string): void;
}

/** How a process ended: by one of the two. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs a process to its end.
 * @param stop ends the process by SIGTERM
 * @throws Error where it cannot be started
 */
export function runProcess(command: Command, output: OutputSink, stop: AbortSignal): Promise<ProcessExit> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, [...command.args], {
      cwd: command.cwd,
      env: command.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8");
      child[stream].on("data", (text: string) => output.write(stream, text));
    }
    const end = () => child.kill("SIGTERM");
    stop.addEventListener("abort", end);
    if (stop.aborted) end();
    child.on("error", reject);
    child.on("close", (code, signal) => {
      stop.removeEventListener("abort", end);
      resolve({ code, signal });
    });
  });
}
