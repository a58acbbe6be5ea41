import { Failure } from "../failure.ts";

/** The stacks that a pattern means: `*` is any text, `?` any character. Without patterns all of them. */
export function matching(stacks: readonly string[], patterns: readonly string[]): string[] {
  if (patterns.length === 0) return [...stacks];
  const expressions = patterns.map((pattern) => {
    const text = pattern
      .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${text}$`);
  });
  return stacks.filter((stack) => expressions.some((expression) => expression.test(stack)));
}

/** One of several equal parts of a run. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/**
 * Reads `2/5`.
 * @throws Failure for anything else
 */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new Failure(`--shard: got ${JSON.stringify(text)}, expected I/N, as in 1/4 for the first of four`);
}

/**
 * The stacks of a shard: dealt out in the order of their names, so that the shards of one run have every stack once and
 * differ by one stack at most. A stack that comes or goes moves others to another shard, which nothing depends on.
 */
export function inShard(stacks: readonly string[], shard: Shard | undefined): string[] {
  const sorted = [...stacks].sort();
  return shard === undefined ? sorted : sorted.filter((_stack, at) => at % shard.count === shard.index - 1);
}
