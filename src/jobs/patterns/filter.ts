import { any, anyButSlash, both, type Characters, characters, holds } from "./characters.ts";
import { literally, type Part, type Pattern } from "./pattern.ts";

const token = /\*{2,}|\*|[?+]|\[[^\]]*\]|\\(.)|./gsu;

/**
 * A filter of a workflow's events: `*` stops at a slash, `**` does not, `?` lets the character before it be missing, `+`
 * lets it come again, `[a-z]` is a set, and a backslash takes what follows as it is.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
 */
export function filterPattern(text: string): Pattern {
  const parts: Part[] = [];
  for (const [part, escaped] of text.matchAll(token)) {
    const last = parts.at(-1);
    if ((part === "?" || part === "+") && last?.kind === "one") {
      if (part === "?") parts.splice(-1, 1, { kind: "optional", set: last.set });
      else parts.push({ kind: "many", set: last.set });
    } else if (part.startsWith("**")) parts.push({ kind: "many", set: any });
    else if (part === "*") parts.push({ kind: "many", set: anyButSlash });
    else if (part.length > 1 && part.startsWith("[")) parts.push({ kind: "one", set: setOf(part.slice(1, -1)) });
    else parts.push(...literally(escaped ?? part));
  }
  return parts;
}

function setOf(text: string): Characters {
  const ranges = [...text.matchAll(/(.)(?:-(.))?/gsu)].map(
    ([, first = "", last = first]) => [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0] as const,
  );
  return characters(ranges);
}

/** The characters that a filter's set may name. */
const settable = characters([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x61, 0x7a],
]);

/**
 * A pattern of another language as filters. Every name that they take is of the pattern; of characters that a filter
 * cannot leave open they take letters and digits alone, and where that leaves none there is no filter.
 */
export function filtersOf(pattern: Pattern): string[] {
  const filters = pattern.reduce<readonly string[]>(
    (begun, part) => {
      // Each folder doubles them: those of patterns that are all folders take no more.
      const written = begun.length < mostFilters ? writtenParts(part) : writtenParts(part).slice(-1);
      return begun.flatMap((text) => written.map((next) => text + next));
    },
    [""],
  );
  // At its beginning an exclamation mark would turn the filter round.
  return [...new Set(filters.map((filter) => filter.replace(/^!/, "\\!")))];
}

const mostFilters = 16;

function writtenParts(part: Part): readonly string[] {
  if (part.kind === "folders") return ["", "**/"];
  const { kind, set } = part;
  if (kind === "many") return [holds(set, slash) ? "**" : "*"];
  const [[first, last] = [0, 0], ...others] = set;
  const isOne = set.length > 0 && others.length === 0 && first === last;
  const ranges = both(set, settable).map(rangeText).join("");
  const written = isOne ? [escaped(String.fromCodePoint(first))] : ranges === "" ? [] : [`[${ranges}]`];
  return kind === "one" ? written : [...written, ""];
}

const slash = 0x2f;

function escaped(character: string): string {
  return /[*?+[\]\\]/.test(character) ? `\\${character}` : character;
}

function rangeText([first, last]: Characters[number]): string {
  const text = String.fromCodePoint(first);
  return first === last ? text : `${text}-${String.fromCodePoint(last)}`;
}
