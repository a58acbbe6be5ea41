// node bench/engine-floor.js FOLDER ENGINE STACK TIMES preview|drift: starts the engine again and again in one process,
// with a program that makes nothing, once for each time. What the fleet's bench holds the fleet against.
import { loadLazily } from "../infra/lazy.js";

const [folder, engine, name, times, operation] = process.argv.slice(2);
for (const heavy of ["typescript", "@npmcli/arborist"]) loadLazily(heavy);
const { LocalWorkspace, PulumiCommand, Stack } = await import("@pulumi/pulumi/automation/index.js");

const workspace = await LocalWorkspace.create({
  workDir: folder,
  program: async () => ({}),
  pulumiCommand: await PulumiCommand.get({ root: engine }),
  envVars: { GOGC: process.env.GOGC ?? "400" },
});
// The SDK would start the engine once more for it, and each call names the stack anyway.
workspace.selectStack = async () => undefined;
const stack = await Stack.select(name, workspace);
for (let time = 0; time < Number(times); time++) {
  if (operation === "drift") await stack.previewRefresh();
  else await stack.preview();
}
