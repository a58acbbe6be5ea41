import { z } from "zod";
import { characterProblem } from "./characters.ts";
import { mismatch, shown } from "./problem.ts";
import { alternatives } from "../words.ts";

/** The shapes that values of a stack file have, each with the message for a value that is not of it. */

/** What to do about a wrong value; undefined where there is nothing to add. Plain text is for any value that is there. */
export type Fix = string | ((got: unknown) => string | undefined) | undefined;

function fixFor(fix: Fix, got: unknown): string | undefined {
  if (typeof fix === "function") return fix(got);
  return got === undefined ? undefined : fix;
}

/** The message for any value that is not of the wanted shape. */
export function expecting(expected: string, fix?: Fix) {
  return { error: ({ input }: { input?: unknown }) => mismatch(input, expected, fixFor(fix, input)) };
}

/** How the engine hands on what YAML takes for a date: https://pkg.go.dev/time#Time.String */
const engineTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} \S+$/;

/** YAML without quotes makes numbers, truth values and dates of what was meant as text. */
export function quoteIt(value: unknown): string | undefined {
  if (typeof value === "number") return "quote it: YAML reads it as a number";
  if (typeof value === "boolean") return "quote it: YAML reads it as true or false";
  return typeof value === "string" && engineTime.test(value) ? "quote it: YAML reads it as a date" : undefined;
}

/**
 * What makes a text another thing than it seems to be, at whatever place it comes to: a workflow, an address, Markdown, a
 * terminal, a reviewer's eyes.
 * @returns what is wrong, for the user; undefined for a text that is what it seems to be
 */
export function deception(value: string, expected: string): string | undefined {
  if (value.includes("${{"))
    return mismatch(value, expected, 'remove "${{": workflows would take it for an expression');
  if (value === "." || value === "..") return mismatch(value, expected, "in an address it would mean another place");
  return characterProblem(value);
}

/**
 * A string that matches and is what it seems to be. The pattern reaches editors too, and not all know flags. It must take
 * no longer than the text is long: no repetition beside another one that takes the same characters.
 */
export function text(pattern: RegExp, expected: string, fix?: Fix) {
  const toldFix = (got: unknown) => quoteIt(got) ?? fixFor(fix, got);
  const wrong = {
    error: ({ input }: { input?: unknown }) =>
      (typeof input === "string" ? deception(input, expected) : undefined) ?? mismatch(input, expected, toldFix(input)),
  };
  return z
    .string(wrong)
    .regex(pattern, { ...wrong, abort: true })
    .refine((value) => !engineTime.test(value) && deception(value, expected) === undefined, wrong);
}

/** Every JavaScript object has these, so tables with them are easily misread. */
const inherited = ["__proto__", "constructor", "prototype"];

/** A text that names an entry of a table. */
export function key(pattern: RegExp, expected: string, fix?: Fix) {
  const reserved = "JavaScript keeps this name for itself: choose another";
  return text(pattern, expected, fix).refine((name) => !inherited.includes(name), expecting(expected, reserved));
}

export function list<T extends z.ZodType>(item: T, expected: string) {
  return z.array(item, expecting(expected)).min(1, expecting(expected));
}

/** A list that names nothing twice. */
export function names(item: z.ZodString, expected: string) {
  return list(item, expected).superRefine((all, context) => {
    const firsts = new Map<string, number>();
    for (const [index, name] of all.entries()) {
      const first = firsts.get(name);
      if (first === undefined) {
        firsts.set(name, index);
        continue;
      }
      context.addIssue({
        code: "custom",
        path: [index],
        message: `got ${shown(name)} again, as in [${first}]; remove one`,
      });
    }
  });
}

/** An object in which an unknown key is a problem that names the known ones. */
export function record<T extends z.ZodRawShape>(shape: T, expected: string) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown ${issue.keys.map((key) => shown(key)).join(" and ")}, expected ${alternatives(known)}`
        : mismatch(issue.input, expected),
  });
}

/** A table keyed by names of the user's own. */
export function named<T extends z.ZodType>(name: z.ZodString, value: T, expected: string) {
  return z.record(name, value, {
    error: (issue) =>
      issue.code === "invalid_key" ? (issue.issues[0]?.message ?? expected) : mismatch(issue.input, expected),
  });
}
