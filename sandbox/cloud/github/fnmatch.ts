/**
 * Whether a name matches a pattern of a branch protection rule or a deployment policy: Ruby's `File.fnmatch` with
 * `FNM_PATHNAME`, so `*` and `?` do not match `/`, and a leading `**` with a slash matches any number of folders
 * (https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags).
 */
export function matchesPattern(pattern: string, name: string): boolean {
  return compile(pattern).test(name);
}

function compile(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(token, translate)}$`, "su");
}

const token = /(?<=^|\/)\*\*\/|\*+|\?|\[([!^]?)((?:\\.|[^\]\\])*)\]|\[|\\(.)|[\s\S]/gu;

function translate(part: string, negation: string | undefined, set: string | undefined, escaped: string | undefined) {
  if (part === "**/") return "(?:[^/]+/)*";
  if (part.startsWith("*")) return "[^/]*";
  if (part === "?") return "[^/]";
  if (set !== undefined) return `(?!/)[${negation ? "^" : ""}${members(set)}]`;
  // A set that is never closed: nothing is of it.
  if (part === "[") return "[]";
  return literal(escaped ?? part);
}

/** The members of a set. A range that ends before it begins has its two ends: https://github.com/ruby/ruby/blob/master/dir.c */
function members(set: string): string {
  return set.replace(/(\\.|[^\\])(?:-(\\.|[^\\]))?/gsu, (_, first: string, last: string | undefined) => {
    if (last === undefined) return member(first);
    return codePoint(first) <= codePoint(last) ? `${member(first)}-${member(last)}` : member(first) + member(last);
  });
}

function member(character: string): string {
  return character.endsWith("-") ? "\\-" : literal(character.replace(/^\\/, ""));
}

function codePoint(character: string): number {
  return character.replace(/^\\/, "").codePointAt(0) ?? 0;
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
