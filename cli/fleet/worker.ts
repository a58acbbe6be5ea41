import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { clientSecretsEvent } from "../../infra/client-secrets.ts";
import type { Answer, Order } from "./task.ts";

// Runs in a process of its own. The program of one stack at a time: the SDK takes whatever nobody catches in a process
// for the mistake of each program that runs there, so that one bad stack would fail its neighbours.

const [root = "", folder = "", engineRoot = ""] = process.argv.slice(2);
// The project's own program, before anything of the SDK, as the engine would load it.
const { default: program }: { default: (folder: string) => ReturnType<PulumiFn> } = await import(
  pathToFileURL(join(root, "infra/index.js")).href
);
const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
const { runStack } = await import("./run-stack.ts");

const setup = { program: () => program(folder), folder, command: await PulumiCommand.get({ root: engineRoot }) };
const interruption = new AbortController();
let isRunning = false;

process.on("message", (order: Order) => {
  if (order.kind === "interrupt") interruption.abort();
  else void run(order);
});
// Whoever asked has no more stacks, or is gone: what still runs is brought to a clean end.
process.on("disconnect", () => {
  interruption.abort();
  if (!isRunning) process.exit();
});
process.on(clientSecretsEvent, (secrets: readonly string[]) => tell({ kind: "secrets", secrets }));
tell({ kind: "ready" });

async function run({ task }: Extract<Order, { kind: "run" }>): Promise<void> {
  isRunning = true;
  const result = await runStack(task, setup, interruption.signal);
  isRunning = false;
  if (!process.connected) process.exit();
  tell({ kind: "done", result });
}

function tell(answer: Answer): void {
  process.send?.(answer);
}
