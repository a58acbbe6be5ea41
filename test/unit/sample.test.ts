import { afterEach, expect, test, vi } from "vitest";

// Proves that a sample is made of the cases themselves, is the same for one seed, and reaches every case with others.

afterEach(() => vi.unstubAllEnvs());

const cases = ["a", "b", "c", "d", "e"];

/** What a test gets that begins with these variables. */
async function sampleWith(variables: Readonly<Record<string, string | undefined>>) {
  vi.resetModules();
  for (const [name, value] of Object.entries({ FEEDPASS_PROOFS: undefined, ...variables })) vi.stubEnv(name, value);
  return import("../support/sample.ts");
}

test("a seed chooses as many cases as are wanted, each once, in their order, and the same ones again", async () => {
  for (let seed = 0; seed < 50; seed++) {
    const { sample } = await sampleWith({ FEEDPASS_SEED: String(seed) });
    const chosen = sample("x", cases, 3);

    expect(chosen).toEqual(cases.filter((one) => chosen.includes(one)));
    expect(chosen).toHaveLength(3);
    expect(sample("x", cases, 3)).toEqual(chosen);
  }
});

test("every case is reached by some seed", async () => {
  const reached = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    const { sample } = await sampleWith({ FEEDPASS_SEED: String(seed) });
    for (const one of sample("x", cases, 1)) reached.add(one);
  }

  expect([...reached].sort()).toEqual(cases);
});

test("all are tried where that is asked for, and where there are no more", async () => {
  const { sample } = await sampleWith({ FEEDPASS_PROOFS: "all" });
  const other = await sampleWith({ FEEDPASS_SEED: "1" });

  expect(sample("x", cases, 1)).toEqual(cases);
  expect(other.sample("x", cases, 9)).toEqual(cases);
});
