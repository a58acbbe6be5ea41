import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { nameInUrn } from "../../src/names.ts";
import { isAtService, type StateResource } from "../recover/state.ts";

/** https://grpc.io/docs/guides/status-codes/: CANCELLED and UNAVAILABLE */
const swallowedCodes = new Set<unknown>([1, 14]);

/**
 * A program that leaves something of its stack. The engine deletes what a program that ended well has not registered, so one
 * that names nothing of what the stack has is refused: every file has identities. This was seen once, and nobody knows why.
 *
 * Two codes of gRPC, which a question to a provider whose process has ended throws, get an error of their own: the SDK passes
 * over them where nothing else has reported them, and calls that a good end.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/automation/server.ts
 * @param known what the stack has
 */
export function wholeProgram(program: PulumiFn, stack: string, known: readonly StateResource[]): PulumiFn {
  return async () => {
    const named = new Set<string>();
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      named.add(key(type, name));
      for (const alias of opts.aliases ?? []) for (const former of formerKeys(alias, type, name)) named.add(former);
      return undefined;
    });
    const outputs = await ended(program);
    const atService = known.filter(isAtService);
    if (atService.length > 0 && !atService.some((one) => named.has(key(one.type, nameInUrn(one.urn))))) {
      throw new pulumi.RunError(refusalWords(stack, atService.length));
    }
    return outputs;
  };
}

async function ended(program: PulumiFn): ReturnType<PulumiFn> {
  try {
    return await program();
  } catch (error) {
    if (!swallowedCodes.has((error as { readonly code?: unknown } | undefined)?.code)) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(`the program ended before its time: a provider could not be asked any more (${words})`);
  }
}

/** What stops an up that would leave nothing of a stack. */
function refusalWords(stack: string, count: number): string {
  const what = count === 1 ? "the one resource" : `all ${count} resources`;
  return (
    `the program names none of what the stack has, so that this up would delete ${what}, and the file has identities; ` +
    `nothing was deleted. If it is meant: npx pulumi up --stack ${stack} shows it and asks. To remove the stack: set ` +
    `feedpass:removable: true, npx pulumi up --stack ${stack}, then npx pulumi destroy --stack ${stack}`
  );
}

const key = (type: string, name: string): string => `${type}::${name}`;

/** An alias that is known only later names nothing here. */
function formerKeys(alias: unknown, type: string, name: string): string[] {
  if (typeof alias === "string") {
    const [, , types = "", ...names] = alias.split("::");
    return [key(types.split("$").at(-1) ?? "", names.join("::"))];
  }
  if (typeof alias !== "object" || alias === null || pulumi.Output.isInstance(alias)) return [];
  const former = alias as { readonly name?: unknown; readonly type?: unknown };
  const text = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
  return [key(text(former.type, type), text(former.name, name))];
}
