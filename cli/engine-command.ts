import { execFile } from "node:child_process";

/** What the engine says where it refuses a command: its errors, without the word and without its other output. */
export class EngineRefusal extends Error {
  override readonly name = "EngineRefusal";
}

/** One command of the engine, for its answer on standard output. @throws EngineRefusal */
export type EngineCommand = (
  parameters: readonly string[],
  environment?: Readonly<Record<string, string>>,
) => Promise<string>;

/** @param folder the project's, or its mirror */
export function engineCommand(binary: string, folder: string): EngineCommand {
  return (parameters, environment = {}) =>
    new Promise((resolve, reject) => {
      const options = { cwd: folder, env: { ...process.env, ...environment }, maxBuffer: 256 * 1024 * 1024 };
      execFile(binary, [...parameters, "--non-interactive", "--color=never"], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new EngineRefusal(engineWords(`${stderr}\n${stdout}`) || error.message));
      });
    });
}

/** The errors in what the engine wrote, each once; the last line where it names none. */
export function engineWords(text: string): string {
  const words = [...text.matchAll(/^\s*error: (.*(?:\n {2}.*)*)/gm)].map(([, said = ""]) => said.trim());
  return [...new Set(words)].join("\n") || (text.trim().split("\n").at(-1) ?? "");
}
