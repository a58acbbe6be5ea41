import { createHash, randomInt } from "node:crypto";
import type { Collection, Entity } from "../store.ts";

/** A number that no entity of the collection has, and that was never given before, as text. */
export function newId(collection: Collection<Entity>): string {
  for (;;) {
    const id = String(randomInt(1_000_000_000, 10_000_000_000));
    if (!collection.get(id)) return id;
  }
}

/** The id of a seeded entity that was given none: the same for the same name, in every sandbox. */
export function seedId(kind: string, name: string): number {
  const digest = createHash("sha256").update(`${kind} ${name.toLowerCase()}`).digest();
  return 100_000_000 + (digest.readUInt32BE(0) % 900_000_000);
}

/** Forty hexadecimal digits for a commit that nobody made: the same for the same words. */
export function commitId(...words: readonly string[]): string {
  return createHash("sha1").update(words.join("\0")).digest("hex");
}

/** SHA-256 in hexadecimal: how tokens are kept. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A moment as GitHub writes it, e.g. `2026-11-23T12:00:00Z`. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

/**
 * A global node id, e.g. `R_kgDOKVhw-w`: MessagePack of zero and the database ids, in the form of
 * https://github.blog/changelog/2022-12-12-new-global-id-format
 */
export function nodeId(prefix: string, ...ids: readonly string[]): string {
  const bytes = [0x90 | (ids.length + 1), 0, ...ids.flatMap((id) => unsigned(Number(id)))];
  return `${prefix}_${Buffer.from(bytes).toString("base64url")}`;
}

function unsigned(value: number): number[] {
  const wide = value > 0xffffffff;
  const bytes = Buffer.alloc(wide ? 9 : 5);
  bytes[0] = wide ? 0xcf : 0xce;
  if (wide) bytes.writeBigUInt64BE(BigInt(value), 1);
  else bytes.writeUInt32BE(value, 1);
  return [...bytes];
}
