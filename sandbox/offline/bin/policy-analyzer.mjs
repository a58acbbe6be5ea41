// Starts a policy pack: the program in the working folder, by the SDK that is installed there.
// Called as ENGINE_ADDRESS FOLDER [-option=value...], the options being those of the pack's runtime.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

const args = process.argv.slice(2);
const nodeOption = "-nodeargs=";
const nodeArguments = args
  .filter((arg) => arg.startsWith(nodeOption))
  .flatMap((arg) => arg.slice(nodeOption.length).split(/\s+/));

let runner;
try {
  runner = createRequire(join(process.cwd(), "pack.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
} catch {
  // The engine looks for these words to say that the pack's dependencies are missing.
  console.error("Cannot find module '@pulumi/pulumi/cmd/run-policy-pack'");
  process.exit(1);
}

const rest = args.filter((arg) => !arg.startsWith("-"));
const child = spawn(process.execPath, [...nodeArguments, runner, ...rest], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
