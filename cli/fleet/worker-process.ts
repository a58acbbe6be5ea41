import { fork } from "node:child_process";
import { join } from "node:path";
import type { Runner } from "./queue.ts";
import type { StackResult } from "./report.ts";
import type { Answer, Order, StackTask } from "./task.ts";

export interface WorkerOptions {
  /** The project's folder. */
  readonly root: string;
  /** Its mirror. */
  readonly mirror: string;
  /** The folder that has the engine as `bin/pulumi`. */
  readonly engineRoot: string;
  /** Hears of client secrets, in a workflow, before anything is told of the stack that has them. */
  readonly onSecrets: (secrets: readonly string[]) => void;
}

/** Starts a process that runs stacks, one at a time. */
export function startWorker({ root, mirror, engineRoot, onSecrets }: WorkerOptions): Runner {
  const child = fork(join(root, "cli/fleet/worker.js"), [root, mirror, engineRoot], {
    // Ctrl-C in a terminal goes to its whole group. The engine takes a second one for an order to drop everything, so
    // it must come from here only, once.
    detached: true,
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  const ended = new Promise<Error>((resolve) => {
    child.once("error", resolve);
    child.once("exit", (code, signal) => resolve(new Error(`its process ended (${signal ?? code})`)));
  });
  child.on("message", (answer: Answer) => {
    if (answer.kind === "secrets") onSecrets(answer.secrets);
  });
  const ready = firstAnswer("ready");

  function firstAnswer<K extends Answer["kind"]>(kind: K): Promise<Extract<Answer, { kind: K }>> {
    return new Promise((resolve, reject) => {
      const listen = (answer: Answer) => {
        if (answer.kind !== kind) return;
        child.off("message", listen);
        resolve(answer as Extract<Answer, { kind: K }>);
      };
      child.on("message", listen);
      void ended.then((reason) => reject(new Error([reason.message, said.trim()].filter(Boolean).join(": "))));
    });
  }
  function order(message: Order): void {
    if (child.connected) child.send(message);
  }
  ready.catch(() => undefined);

  return {
    async run(task: StackTask): Promise<StackResult> {
      await ready;
      const done = firstAnswer("done");
      order({ kind: "run", task });
      return (await done).result;
    },
    interrupt: () => order({ kind: "interrupt" }),
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
