import type { EventEmitter } from "node:events";
import type * as pulumi from "@pulumi/pulumi";

/** Under which name the process hears of client secrets, where the program runs within another one: the fleet's worker. */
export const clientSecretsEvent = "feedpass:client-secrets";

/**
 * In a workflow, tells the process of client secrets as soon as the program knows them, so that it can ask GitHub to hide
 * them. The program must not ask itself: the engine shows what a program prints in the midst of a line, where GitHub
 * takes it for no command, and so the secret would be shown.
 */
export function tellClientSecrets(secrets: pulumi.Output<readonly string[]>): void {
  if (process.env.GITHUB_ACTIONS !== "true") return;
  secrets.apply((known) => {
    if (known.length > 0) (process as EventEmitter).emit(clientSecretsEvent, known);
  });
}
