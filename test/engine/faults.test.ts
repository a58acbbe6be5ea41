import { afterAll, beforeAll, expect, test } from "vitest";
import { caseText, endings, type FaultCase, type Outcome, prepareChange } from "../support/faults/case.ts";
import { faultKinds } from "../support/faults/kinds.ts";
import { changesSomething, type RequestKind } from "../support/faults/requests.ts";
import { changes } from "../support/faults/stacks.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { everyCase, sample, seed } from "../support/sample.ts";

// Proves that a run that failed is mended by the next one, whatever request failed and however: the cases are made of the
// requests that a run without a fault makes. `npm run test:faults` tries all, which takes hours;
// `FEEDPASS_CASES=20 npx vitest run test/engine/faults.test.ts` tries so many of each change, chosen by the seed. Neither
// is part of `npm test`: healing.test.ts and recover.test.ts have what every run shows.

const wanted = Number(process.env.FEEDPASS_CASES ?? 0);

let project: TestProject;
const counts = new Map<Outcome["ending"], number>(endings.map((ending) => [ending, 0]));

beforeAll(async () => {
  project = await openProject();
});

afterAll(async () => {
  const told = [...counts].map(([ending, count]) => `${count} ${ending}`).join(", ");
  console.info(`faults: seed ${seed}: ${told}`);
  await project.close();
});

/** Every fault in every kind of request. What only asks is not half made by a kill. */
function casesOf(requests: readonly RequestKind[]): readonly FaultCase[] {
  return requests.flatMap((request) =>
    faultKinds
      .filter(({ onlyWrites }) => !onlyWrites || changesSomething(request))
      .flatMap((kind): FaultCase[] => [
        { request, kind, often: "once" },
        ...(kind.kills || kind.name === "slow" || kind.name === "lag"
          ? []
          : [{ request, kind, often: "always" } as const]),
      ]),
  );
}

test.skipIf(!everyCase && wanted === 0).each(changes)(
  "$name is mended after any fault",
  { timeout: 24 * 60 * 60_000 },
  async (change) => {
    const stack = `faults-${changes.indexOf(change)}`;
    const empty = project.sandbox.cloud.store.snapshot();
    const clean = await prepareChange(project, stack, change);
    const bad: string[] = [];

    for (const one of sample(change.name, casesOf(clean.requests), wanted)) {
      const { ending, why } = await clean.run(one);
      counts.set(ending, (counts.get(ending) ?? 0) + 1);
      console.info(`${change.name}: ${caseText(one)}: ${ending}`);
      if (ending !== "at once" && ending !== "by the next up") bad.push(`${caseText(one)}: ${ending}\n${why}`);
    }

    project.sandbox.cloud.store.restore(empty);
    expect(bad.join("\n\n"), `FEEDPASS_SEED=${seed}`).toBe("");
  },
);
