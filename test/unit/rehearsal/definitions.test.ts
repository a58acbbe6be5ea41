import { expect, test } from "vitest";
import { parseWorkflow } from "../../../sandbox/rehearsal/definitions.ts";
import { eventsOf } from "../../../sandbox/rehearsal/run-workflow.ts";

// Proves that a workflow is understood whole or refused, and what starts it.

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

test("each filter, pull requests, merge queues and a start by hand are one event each", () => {
  const on = `
  push:
    branches: [main, "release/**", "feat/\\\\*x", "**"]
    tags: ["v*"]
  pull_request:
  merge_group:
  workflow_dispatch:`;

  const events = eventsOf(parseWorkflow(workflow(on)), { byHand: "develop", queues: ["main"] });

  expect(events.map(({ event, ref }) => `${event} ${ref}`)).toEqual([
    "push refs/heads/main",
    "push refs/heads/release/1",
    "push refs/heads/feat/*x",
    "push refs/heads/main",
    "push refs/tags/v1",
    "pull_request refs/pull/7/merge",
    "merge_group refs/heads/gh-readonly-queue/main/pr-7-0123456",
    "workflow_dispatch refs/heads/develop",
  ]);
});
