import { expect, test } from "vitest";
import { parseWorkflow } from "../../../sandbox/rehearsal/definitions.ts";

// Proves that a workflow is understood whole or refused.

const workflow = (on: string, more = "") => `
name: Package
on:${on}
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: echo
${more}`;

test("a key that the rehearsal knows nothing of is refused by its place", () => {
  expect(() => parseWorkflow(workflow(" { push: }", "    strategy: { matrix: { python: [3] } }"))).toThrow(
    /cannot run the printed workflow[\s\S]*"strategy"[\s\S]*jobs\.build/,
  );
});

test("an event that the rehearsal knows nothing of is refused", () => {
  expect(() => parseWorkflow(workflow(" { release: }"))).toThrow(/"release"/);
});
