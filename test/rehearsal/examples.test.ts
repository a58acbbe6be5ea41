import { describe, expect, test } from "vitest";
import { rehearse } from "../../sandbox/rehearsal/rehearse.ts";
import type { PythonTools } from "../../sandbox/toolchain/python.ts";
import { examples, exampleText } from "../support/examples.ts";
import { findPythonTools } from "../support/python.ts";
import { applyText, seenLines } from "../support/rehearsal.ts";
import { sample, seed } from "../support/sample.ts";

// Proves that every example of stacks/ means what it says, with the real clients: what each job that it trusts may do, and
// that those which only look like one may not. main.test.ts has the first example. A seed chooses two of the others;
// `npm run test:examples` tries all.

const tools = await findPythonTools();

describe.skipIf(!tools)(`every example (FEEDPASS_SEED=${seed})`, () => {
  test.each(sample("examples", examples, 2))("%s goes as its file says", async (name) => {
    const rehearsal = await rehearse({ ...(await applyText(exampleText(name))), tools: tools as PythonTools });

    const workflow = rehearsal.workflow.map(({ identity, job, steps }) => `${identity} | ${job} | ${steps.join(", ")}`);
    const seen = [...workflow, ...seenLines(rehearsal)].join("\n");
    await expect(`${seen}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
    expect(rehearsal.agrees).toBe(true);
  });
});
