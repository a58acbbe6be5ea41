import type { Properties } from "./definition.ts";

/** The property as text; undefined where it is absent, empty or no text. */
export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The property as text that a resource cannot be without: its absence is a mistake of the caller, not of the user. */
export function requiredText(properties: Properties, name: string): string {
  const value = text(properties, name);
  if (value === undefined) throw new Error(`${name} is not given`);
  return value;
}

/** The property as a list of texts; empty where it is absent. */
export function texts(properties: Properties, name: string): readonly string[] {
  const value = properties[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** The same properties without those that are undefined, null or empty text, which the official providers leave out. */
export function withoutAbsent(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  );
}

/** A path segment as the official providers escape it: what RFC 3986 allows in a segment stays readable. */
export function escapePath(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(3A|40|26|3D|2B|24)/g, decodeURIComponent);
}

/** A problem of one input, as `check` reports it. */
export interface InputProblem {
  readonly property: string;
  readonly reason: string;
}

/** A rule for one input that is given and known; undefined where the input keeps it. */
export type InputRule = (value: unknown, property: string) => string | undefined;

/** Holds the given inputs against their rules. */
export function checkInputs(inputs: Properties, rules: Readonly<Record<string, InputRule>>): readonly InputProblem[] {
  return Object.entries(rules).flatMap(([property, rule]) => {
    if (inputs[property] === undefined) return [];
    const reason = rule(inputs[property], property);
    return reason === undefined ? [] : [{ property, reason }];
  });
}

/** One of these words, in this spelling unless `ignoreCase`. */
export function oneOf(words: readonly string[], options: { readonly ignoreCase?: boolean } = {}): InputRule {
  const fold = (word: unknown) => (options.ignoreCase ? String(word).toLowerCase() : word);
  return (value, property) =>
    words.some((word) => fold(word) === fold(value))
      ? undefined
      : `expected ${property} to be one of ${words.join(", ")}, got ${String(value)}`;
}

export const uuid: InputRule = (value, property) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(value))
    ? undefined
    : `expected ${property} to be a valid UUID, got ${String(value)}`;

export const notBlank: InputRule = (value, property) =>
  String(value).trim() === "" ? `expected ${property} to not be an empty string or whitespace` : undefined;
