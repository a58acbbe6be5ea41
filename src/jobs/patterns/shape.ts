import { only, without } from "./characters.ts";
import { literally, type Part, type Pattern } from "./pattern.ts";

const anyButColon = without(only(":"));

/**
 * The subjects of some form: `*` stands for any run of characters without a colon, which is what a part of a subject
 * holds, since GitHub escapes the colons of values.
 */
export function subjectShape(text: string): Pattern {
  return [...text].flatMap((character): readonly Part[] =>
    character === "*" ? [{ kind: "many", set: anyButColon }] : literally(character),
  );
}
