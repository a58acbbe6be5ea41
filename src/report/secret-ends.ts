import { stackFilePath } from "../settings/config.ts";
import type { Settings } from "../settings/schema.ts";
import { endWarning, type SecretEnd, secretEnds } from "../settings/secret-end.ts";
import { type Block, code, item, markdown, text } from "./markdown.ts";

/** The client secrets of a stack that end soon or have ended; at least one. */
export interface StackEnds {
  readonly stack: string;
  readonly ends: readonly SecretEnd[];
}

/**
 * Those of some stacks, by name. It comes from the files: no result of a run is needed for it.
 * @param stacks undefined for a file that could not be read
 * @param names the stacks that are told of
 */
export function endsOf(
  stacks: ReadonlyMap<string, Settings | undefined>,
  names: Iterable<string>,
  today: string,
): StackEnds[] {
  return [...names].sort().flatMap((stack) => {
    const ends = secretEnds(stacks.get(stack)?.identities ?? {}, today);
    return ends.length === 0 ? [] : [{ stack, ends }];
  });
}

/**
 * What is to be said of them, as entries of a list.
 * @param words of each. Default: with how many days are left
 */
export function secretItems({ stack, ends }: StackEnds, words = endWarning): Block[] {
  return ends.map((end) => {
    const { path, text: said } = words(end);
    return item(markdown`⏳ ${code(stackFilePath(stack))}: ${text(`${path}: ${said}`)}`);
  });
}
