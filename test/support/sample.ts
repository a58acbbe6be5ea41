import { createHash } from "node:crypto";

/**
 * Some proofs are slow: each of their cases is a run of the engine or of a rehearsal. `npm test` tries a few of them, which
 * a seed chooses, and `FEEDPASS_PROOFS=all` tries every one.
 */
export const everyCase = process.env.FEEDPASS_PROOFS === "all";

/** Another one each time, so that with the days all are tried. A test names it in its title: give it to run that again. */
export const seed = Number(process.env.FEEDPASS_SEED ?? Date.now() % 2 ** 31);

/** A number from 0 up to below a count, by the seed and what is chosen. */
export function choose(name: string, count: number): number {
  return createHash("sha256").update(`${seed} ${name}`).digest().readUInt32BE() % count;
}

/** So many of the cases, in their order, or all of them. */
export function sample<T>(name: string, cases: readonly T[], count: number): readonly T[] {
  if (everyCase) return cases;
  const left = [...cases.keys()];
  const chosen = Array.from({ length: Math.min(count, cases.length) }, (_, index) =>
    left.splice(choose(`${name} ${index}`, left.length), 1),
  );
  return cases.filter((_, index) => chosen.flat().includes(index));
}
