/**
 * Whether a name matches a pattern of a branch protection rule or a deployment policy: Ruby's `File.fnmatch` with
 * `FNM_PATHNAME`, so `*` and `?` do not match `/`, and a leading `**` with a slash matches any number of folders
 * (https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags).
 */
export function matchesPattern(pattern: string, name: string): boolean {
  return compile(pattern)?.test(name) ?? false;
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^${translate(pattern)}$`, "s");
  } catch {
    // A set that is no set, e.g. `[z-a]`, matches nothing.
    return undefined;
  }
}

const token = /(?<=^|\/)\*\*\/|\*+|\?|\[([!^]?)((?:\\.|[^\]\\])+)\]|\\(.)|[\s\S]/gy;

function translate(pattern: string): string {
  return pattern.replace(
    token,
    (part: string, negation: string | undefined, set: string | undefined, escaped: string) => {
      if (part === "**/") return "(?:[^/]+/)*";
      if (part.startsWith("*")) return "[^/]*";
      if (part === "?") return "[^/]";
      if (set !== undefined) return `(?!/)[${negation ? "^" : ""}${set.replace(/(?<!\\)[[^]/g, "\\$&")}]`;
      return literal(escaped ?? part);
    },
  );
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
