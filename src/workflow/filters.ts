import { filterPattern, filtersOf } from "../jobs/patterns/filter.ts";
import { findName, inAnyCase, refsIn } from "../jobs/patterns/find.ts";
import { anyName, covers, literally, meet, type Pattern } from "../jobs/patterns/pattern.ts";
import type { Folder, RefStart } from "./starts.ts";

/** One line of a workflow's filters. The last one that a ref is of decides. */
export interface Filter {
  readonly text: string;
  /** Whether it keeps refs out, with `!` before it. */
  readonly isNegative: boolean;
  /** The refs that it is about, in full. */
  readonly refs: Pattern;
}

/** The filters of one event and folder, in their order. */
export type Filters = readonly Filter[];

/** Filters that let the starts' refs in, each once, and none whose refs another lets in anyway. */
export function filtersFor(starts: readonly RefStart[]): Filters {
  const all = [...new Map(starts.flatMap(positive).map((filter) => [filter.text, filter])).values()];
  return all.filter(
    ({ refs }, index) =>
      !all.some(
        (other, place) =>
          place !== index && covers([other.refs], refs) && (place < index || !covers([refs], other.refs)),
      ),
  );
}

function positive({ event, folder = "refs/heads/", names, refs }: RefStart): Filter[] {
  return filtersOf(names).map((text) => ({
    text,
    isNegative: false,
    refs: event === "merge_group" ? refs : [...literally(folder), ...filterPattern(text)],
  }));
}

/**
 * Filters that keep out what differs from a start's names in case alone, and let its own in again: an expression could
 * not tell them apart. None where no filter says that.
 */
export function withoutOtherCases(filters: Filters, start: RefStart): Filters | undefined {
  const { event, folder = "refs/heads/", names } = start;
  const twins = filtersOf(inAnyCase(names));
  const isWritten = covers(twins.map(filterPattern), inAnyCase(names));
  if (event !== "push" || !isWritten) return undefined;
  const kept = twins.map((text) => ({
    text: `!${text}`,
    isNegative: true,
    refs: [...literally(folder), ...filterPattern(text)],
  }));
  const own = positive(start);
  return [...filters.filter(({ text }) => !own.some((filter) => filter.text === text)), ...kept, ...own];
}

/** Whether a ref that the filters let in is of all patterns of the one list and of none of the other, or may be. */
export function letIn(filters: Filters, folder: Folder, all: readonly Pattern[], none: readonly Pattern[]): boolean {
  return filters.some(({ isNegative, refs }, index) => {
    if (isNegative || !all.every((pattern) => meet(refs, pattern))) return false;
    const later = filters.slice(index + 1).filter((filter) => filter.isNegative);
    const found = findName([refs, ...refsIn(folder), ...all], [...later.map((filter) => filter.refs), ...none]);
    return found.verdict !== "none";
  });
}

/** Runs by hand know no filters: somebody may choose any branch or tag. */
export const anyRef: Filters = (["refs/heads/", "refs/tags/"] as const).map((folder) => ({
  text: "",
  isNegative: false,
  refs: [...literally(folder), ...anyName],
}));
