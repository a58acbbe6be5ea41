import { anyButSlash, type Characters, characters, only, without } from "./characters.ts";
import { literally, type Part, type Pattern } from "./pattern.ts";

const token = /\*\*\/|\*+|\?|\[[!^]?(?:\\.|[^\]\\])*\]|\\(.)|./gsu;

/**
 * A pattern of an environment's deployment branches and tags: Ruby's `File.fnmatch` with `FNM_PATHNAME`. `*` and `?` stop
 * at a slash, `**` with a slash takes any number of folders where a folder may begin, `[a-z]` and `[!a-z]` are sets, and
 * a backslash takes what follows as it is.
 * https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags
 * https://docs.ruby-lang.org/en/master/File.html#method-c-fnmatch
 */
export function deploymentPattern(text: string): Pattern {
  return [...text.matchAll(token)].flatMap(([part, escaped], index, all): readonly Part[] => {
    const before = all[index - 1]?.[0];
    const isFolder = before === undefined || before.endsWith("/");
    if (part === "**/") {
      return isFolder ? [{ kind: "folders" }] : [{ kind: "many", set: anyButSlash }, ...literally("/")];
    }
    if (part.startsWith("*")) return [{ kind: "many", set: anyButSlash }];
    if (part === "?") return [{ kind: "one", set: anyButSlash }];
    // A set that is never closed is none, and no name is of it.
    if (part.startsWith("[")) return [{ kind: "one", set: part.length < 2 ? [] : setOf(part.slice(1, -1)) }];
    return literally(escaped ?? part);
  });
}

/**
 * What stands between the brackets. A set never takes a slash; a range that ends before it begins holds its two ends.
 * https://github.com/ruby/ruby/blob/master/dir.c
 */
function setOf(text: string): Characters {
  const isNegated = /^[!^]/.test(text);
  const ranges = [...text.slice(isNegated ? 1 : 0).matchAll(/(\\.|[^\\])(?:-(\\.|[^\\]))?/gsu)].flatMap(
    ([, begin = "", end = begin]): Characters => {
      const [first, last] = [codePointOf(begin), codePointOf(end)];
      if (first <= last) return [[first, last]];
      return [
        [first, first],
        [last, last],
      ];
    },
  );
  const set = characters(ranges);
  return without(isNegated ? set : without(set), only("/"));
}

function codePointOf(character: string): number {
  return character.replace(/^\\/, "").codePointAt(0) ?? 0;
}
