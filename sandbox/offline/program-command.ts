import { createRequire } from "node:module";
import { join } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import type { Command, ProcessExit } from "./run-process.ts";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** With this exit code a program says that it has told the user itself: nothing is added. */
const exitedAfterTellingTheUser = 32;

/**
 * How a program is started: as `pulumi-language-nodejs` starts it, without its local monitor and its pipes.
 * https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go
 * @param engineAddress where the program sends its log
 * @throws Error where the program's folder has no Pulumi SDK
 */
export function programCommand(request: RunRequest, engineAddress: string, environment: Environment): Command {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const options = info?.getOptions()?.toJavaScript() ?? {};
  return {
    file: process.execPath,
    args: [
      ...(typeof options.nodeargs === "string" ? splitArguments(options.nodeargs) : []),
      environment.PULUMI_LANGUAGE_NODEJS_RUN_PATH ?? resolveRunner(folder),
      ...["--monitor", request.getMonitorAddress()],
      ...["--engine", engineAddress],
      ...["--organization", request.getOrganization()],
      ...["--project", request.getProject()],
      ...["--root-directory", info?.getRootDirectory() || folder],
      ...["--stack", request.getStack()],
      ...["--pwd", folder],
      ...(request.getDryrun() ? ["--dry-run"] : []),
      ...["--parallel", String(request.getParallel())],
      info?.getEntryPoint() || ".",
      ...request.getArgsList(),
    ],
    cwd: folder,
    environment: {
      ...environment,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      ...(options.typescript !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
      ...(typeof options.tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
    },
  };
}

/** What the engine is told when the program has ended. */
export function runOutcome(exit: ProcessExit): { readonly error: string; readonly bail: boolean } {
  if (exit.code === 0) return { error: "", bail: false };
  if (exit.code === exitedAfterTellingTheUser) return { error: "", bail: true };
  if (exit.code === null) return { error: `Program exited unexpectedly: ${exit.signal}`, bail: false };
  return { error: `Program exited with non-zero exit code: ${exit.code}`, bail: false };
}

/** The words of a command line, by spaces; quotes hold a word together. */
function splitArguments(line: string): readonly string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_quoted, double, single) => double ?? single),
  );
}

function resolveRunner(folder: string): string {
  try {
    return createRequire(join(folder, "program.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new Error(
      "It looks like the Pulumi SDK has not been installed. Have you run npm install or yarn install?" +
        ` (@pulumi/pulumi is not found from ${folder})`,
    );
  }
}
