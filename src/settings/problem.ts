import { visible } from "./characters.ts";

/** Something wrong with a stack file, for the person who wrote it. */
export interface Problem {
  /** Where, as written: `identities.publisher.role`, `identities.reader.trust[1].branch`. */
  readonly path: string;
  /** What was got, what is allowed and how to fix it. No full stop; lower case. */
  readonly text: string;
}

/** A path as people write it. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const text = String(part);
      const plain = /^[A-Za-z_][\w-]*$/.test(text);
      if (!plain) return `[${visible(JSON.stringify(text))}]`;
      return index === 0 ? text : `.${text}`;
    })
    .join("");
}

/** A value as the user wrote it, cut to what fits a line. */
export function shown(value: unknown): string {
  const text = visible(JSON.stringify(value) ?? String(value));
  if (text.length <= 60) return text;
  return typeof value === "string" ? `${text.slice(0, 57)}..."` : `${text.slice(0, 57)}...`;
}

/** The one sentence form of a wrong value: what was got, what is allowed, how to fix it. */
export function mismatch(got: unknown, expected: string, fix?: string): string {
  const what = got === undefined ? `missing, expected ${expected}` : `got ${shown(got)}, expected ${expected}`;
  return fix === undefined ? what : `${what}; ${fix}`;
}

/** All problems of one file, a line each, as a terminal and a pull request show them. */
export function renderProblems(file: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map(({ path, text }) => `  ${file}: ${path}: ${text}`);
  return [`${count} in ${file}, nothing was changed:`, ...lines].join("\n");
}
