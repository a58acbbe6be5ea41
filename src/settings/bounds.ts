import { pathText, type Problem } from "./problem.ts";

/**
 * What a stack file may hold at most: far beyond what anybody writes, and little enough that no rule takes long. Looked at
 * before any rule.
 */
export const bounds = {
  /** Of the file's text. */
  bytes: 65_536,
  /** Tables and lists within each other. */
  depth: 20,
  /** Of the whole file, with what aliases repeat. */
  values: 10_000,
  /** Of one table or list. */
  entries: 500,
  /** Of one name or other text. Entra's subjects end at 600. */
  characters: 1_000,
} as const;

/** What was got too much of, for people: `got 20000 entries, expected at most 500`. */
export function tooMany(count: number | string, what: string, most: number): string {
  return `got ${count} ${what}, expected at most ${most}`;
}

export const tooDeep = tooMany(`more than ${bounds.depth}`, "tables and lists within each other", bounds.depth);

/**
 * The first thing that a value has too much of, or an entry whose name would change what others mean; nothing for a sound
 * one. Ends for a value that aliases make endless, too.
 */
export function boundProblems(value: unknown): Problem[] {
  const problem = new Measure().problem(value, []);
  return problem === undefined ? [] : [problem];
}

class Measure {
  #values = 0;
  /** The tables and lists that the present value is in. */
  readonly #around = new Set<unknown>();

  problem(value: unknown, path: readonly PropertyKey[]): Problem | undefined {
    this.#values += 1;
    if (this.#values > bounds.values) return at([], tooMany(`more than ${bounds.values}`, "values", bounds.values));
    if (path.length > bounds.depth) return at([], tooDeep);
    if (typeof value === "string" && value.length > bounds.characters) {
      return at(path, tooMany(value.length, "characters", bounds.characters));
    }
    if (typeof value !== "object" || value === null) return undefined;
    if (this.#around.has(value)) return at(path, "an alias leads to itself");
    this.#around.add(value);
    const problem = this.#problemWithin(value, path);
    this.#around.delete(value);
    return problem;
  }

  #problemWithin(value: object, path: readonly PropertyKey[]): Problem | undefined {
    const entries: [PropertyKey, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    if (entries.length > bounds.entries) return at(path, tooMany(entries.length, "entries", bounds.entries));
    for (const [key, inner] of entries) {
      const problem = this.#keyProblem(key, path) ?? this.problem(inner, [...path, key]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #keyProblem(key: PropertyKey, path: readonly PropertyKey[]): Problem | undefined {
    if (typeof key !== "string") return undefined;
    if (key === "__proto__") return at(path, 'got the key "__proto__", which no table can have; choose another name');
    if (key.length <= bounds.characters) return undefined;
    return at(path, `${tooMany(key.length, "characters", bounds.characters)} in a key`);
  }
}

function at(path: readonly PropertyKey[], text: string): Problem {
  return { path: pathText(path) || "feedpass", text };
}
