import { isObject } from "../values.ts";
import type { GraphObject } from "./graph.ts";

/** The value; null, which clears it in the directory, where it is absent or empty. */
export function orNull(value: unknown): unknown {
  return value === undefined || value === "" ? null : value;
}

/** Text of the directory; empty where it has none, as the official provider keeps it in the state. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A complex value of the directory; without members where it has none. */
export function objectOf(value: unknown): GraphObject {
  return isObject(value) ? value : {};
}

/** A list of the directory; empty where it has none. */
export function listOf<Item>(value: unknown): readonly Item[] {
  return Array.isArray(value) ? value : [];
}

/** The directory keeps these claims in one text, separated by commas. */
export function claimsText(claims: unknown): string | null {
  const list = listOf<string>(claims);
  return list.length === 0 ? null : list.join(",");
}

export function claimsList(text: unknown): readonly string[] {
  return typeof text === "string" && text !== "" ? text.split(",").map((claim) => claim.trim()) : [];
}
