import { ImportError } from "../definition.ts";

/** Joins what names a resource, e.g. `widgets:release:AZURE_CLIENT_ID`. A part with a colon is escaped first. */
export function buildId(...parts: readonly string[]): string {
  return parts.join(":");
}

/** A part of an id in which a colon stands for itself, as an environment's name may have one. */
export function escapeIdPart(part: string): string {
  return part.replaceAll(":", "??");
}

/** The name that an escaped part of an id stands for. */
export function unescapeIdPart(part: string): string {
  return part.replaceAll("??", ":");
}

/**
 * The parts of an id; the last one keeps its colons.
 * @throws ImportError where there are fewer than `count`
 */
export function parseId(id: string, count: number): readonly string[] {
  const all = id.split(":");
  if (all.length < count) {
    throw new ImportError(`unexpected ID format ("${id}"); expected ${count} parts separated by ":"`);
  }
  return [...all.slice(0, count - 1), all.slice(count - 1).join(":")];
}
