import { type Block, document, lines } from "./markdown.ts";

/**
 * What a comment or an issue may have. GitHub says 65,536 characters when it refuses a longer one, and has been seen to
 * count bytes: in bytes both hold. The rest is for the notice that a comment is out of date.
 * https://github.com/orgs/community/discussions/27190
 */
export const roomOfComment = 62_000;

/** What the summary of a job's step may have, 1 MiB: https://docs.github.com/actions/reference/limits */
export const roomOfSummary = 1_000_000;

/** A part of a document, whose entries are shown as far as there is room. */
export interface Section {
  /** Always shown, above the entries. */
  readonly before?: readonly Block[];
  /** Directly above the entries, where there are any: the head of a table. */
  readonly head?: Block;
  readonly count: number;
  /** The one with that index; only those that may fit are asked for. */
  readonly entry: (index: number) => Block;
  /** Whether an empty line is between two entries. */
  readonly apart?: boolean;
  /** How many there may be, however short they are. Default: all. */
  readonly most?: number;
  /** How many of the first may take all the room. Default: none. */
  readonly urgent?: number;
  /** What of the room that is still there the others may take, from 0 to 1. Default: 1. */
  readonly share?: number;
  /** Says that only so many of the entries are shown. */
  readonly leftOut: (shown: number) => Block;
  /** Always shown, below the entries. */
  readonly after?: readonly Block[];
}

/** What is shown in any case. */
export function always(...before: readonly Block[]): Section {
  return { before, ...list([], () => lines([])), leftOut: () => lines([]) };
}

/** The entries of a section, one for each value. */
export function list<T>(values: readonly T[], render: (value: T) => Block): Pick<Section, "count" | "entry"> {
  return { count: values.length, entry: (index) => render(values[index] as T) };
}

/**
 * A document of sections that never has more than `limit` bytes. What is always shown has its room first, then the entries
 * of one section after the other; so what matters most stands first.
 */
export function fitted(sections: readonly Section[], limit: number): Block {
  // Numbers get shorter as more is shown, words such as "stack" and "stacks" hardly longer.
  const reserved = sections.map(({ before = [], head, leftOut, count, after = [] }) => {
    const always = [...before, ...after, ...(head ? [head] : []), ...(count > 0 ? [leftOut(0)] : [])];
    return always.reduce((sum, block) => sum + bytes(block) + 2, count > 0 ? 20 : 0);
  });
  let room = limit - reserved.reduce((sum, part) => sum + part, 0);
  const blocks = sections.flatMap((section) => {
    const shown = entriesWithin(room, section);
    room -= shown.reduce((sum, entry) => sum + bytes(entry) + 2, 0);
    const { before = [], head, count, apart, leftOut, after = [] } = section;
    const table = [...(head && shown.length > 0 ? [head] : []), ...shown];
    return [
      ...before,
      ...(apart ? table : table.length > 0 ? [lines(table)] : []),
      ...(shown.length < count ? [leftOut(shown.length)] : []),
      ...after,
    ];
  });
  return document(blocks);
}

function entriesWithin(room: number, { count, entry, most = count, urgent = 0, share = 1 }: Section): Block[] {
  const entries: Block[] = [];
  let used = 0;
  for (let index = 0; index < Math.min(count, Math.max(most, urgent)); index++) {
    const next = entry(index);
    used += bytes(next) + 2;
    if (used > (index < urgent ? room : room * share)) break;
    entries.push(next);
  }
  return entries;
}

function bytes(value: string): number {
  return Buffer.byteLength(value);
}
