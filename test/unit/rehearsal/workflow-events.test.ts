import { expect, test } from "vitest";
import { parseWorkflow } from "../../../sandbox/rehearsal/definitions.ts";
import { judge, printWorkflow, type WorkflowResult } from "../../../sandbox/rehearsal/try-workflow.ts";
import { eventsOf, isStarted, publishersOf, type WorkflowEvent } from "../../../sandbox/rehearsal/workflow-events.ts";
import type { Job } from "../../../src/workflow/plan.ts";
import { stack } from "../workflow/stacks.ts";

// Proves which events a rehearsal plays for a workflow, what starts a workflow, and what is a mistake though each job works.

const reviewers = "reviewers: { teams: [release-managers] }";
const workflow = (on: string, condition = "always()") =>
  parseWorkflow(`
on:${on}
permissions: {}
jobs:
  build:
    if: ${condition}
    runs-on: ubuntu-latest
    steps:
      - run: echo
`);
const words = (events: readonly WorkflowEvent[]) => events.map(({ event, ref }) => `${event} ${ref}`);

test("each filter, pull requests, merge queues and a start by hand are one event each", () => {
  const on = `
  push:
    branches: [main, "release/**", "feat/\\\\+x", "**", "![Mm]ain"]
    tags: ["v*"]
  pull_request:
  merge_group: { branches: [next] }
  workflow_dispatch:`;
  const settings = stack(
    "reader: { role: reader, trust: [{ mergeQueue: next }, { environment: ci }] }",
    "ci: { deployFrom: { branches: [develop] } }",
  );

  expect(words(eventsOf(workflow(on, "github.ref == 'refs/heads/none'"), settings))).toEqual([
    "push refs/heads/main",
    "push refs/heads/release/1",
    "push refs/heads/feat/+x",
    "push refs/tags/v1",
    "pull_request refs/pull/7/merge",
    "merge_group refs/heads/gh-readonly-queue/next/pr-1",
    "workflow_dispatch refs/heads/develop",
  ]);
});

test("patterns that overlap give an example of what both take, and of what one takes alone", () => {
  const settings = stack(
    `stable: { role: contributor, trust: [{ environment: stable }] }
     preview: { role: contributor, trust: [{ environment: preview }] }`,
    `stable: { ${reviewers}, deployFrom: { tags: ["v*"] } }
     preview: { ${reviewers}, deployFrom: { tags: ["v*-rc*"] } }`,
  );
  const printed = printWorkflow(settings);

  // The filters of the printed workflow alone would do; a workflow that forgets one is caught all the same.
  expect(words(printed?.events ?? [])).toEqual(["push refs/tags/v1", "push refs/tags/v1-rc1"]);
  expect(words(eventsOf(workflow(' { push: { tags: ["w*"] } }'), settings))).toEqual([
    "push refs/tags/w1",
    "push refs/tags/v1-rc1",
    "push refs/tags/v1",
  ]);
});

test.each<[on: string, event: WorkflowEvent["event"], ref: string, answer: boolean]>([
  [' { push: { tags: ["v*", "!v*-rc*", "v*-rc1"] } }', "push", "refs/tags/v1", true],
  [' { push: { tags: ["v*", "!v*-rc*", "v*-rc1"] } }', "push", "refs/tags/v1-rc2", false],
  [' { push: { tags: ["v*", "!v*-rc*", "v*-rc1"] } }', "push", "refs/tags/v1-rc1", true],
  [' { push: { tags: ["v*"] } }', "push", "refs/heads/v1", false],
  [" { push: }", "push", "refs/heads/v1", true],
  [" { push: }", "pull_request", "refs/pull/7/merge", false],
  [" { merge_group: { branches: [main] } }", "merge_group", "refs/heads/gh-readonly-queue/main/pr-1", true],
  [" { merge_group: { branches: [main] } }", "merge_group", "refs/heads/gh-readonly-queue/Main/pr-1", false],
  [" { workflow_dispatch: }", "workflow_dispatch", "refs/heads/x", true],
])("a workflow on%s is started by %s %s: %s", (on, event, ref, answer) => {
  expect(isStarted(workflow(on), { event, ref })).toBe(answer);
});

test("who may publish for a tag is who trusts it, or an environment that takes it", () => {
  const settings = stack(
    `tagger: { role: contributor, trust: [{ tag: "v*" }], variablePrefix: T_ }
     releaser: { role: contributor, trust: [{ environment: release }, { environment: elsewhere }, { branch: main }] }
     reader: { role: reader, trust: [{ tag: "v*" }], variablePrefix: R_ }`,
    `release: { ${reviewers}, deployFrom: { tags: ["v?", "w*"] } }`,
  );
  const publishers = (name: string) =>
    publishersOf(settings, { event: "push", ref: `refs/tags/${name}` }).map(
      ({ identity, environment = "" }) => `${identity} ${environment}`,
    );

  expect([publishers("v1").sort(), publishers("v10").sort(), publishers("w1"), publishers("x")]).toEqual([
    ["releaser elsewhere", "releaser release", "tagger "],
    ["releaser elsewhere", "tagger "],
    ["releaser release"],
    [],
  ]);
});

const tag: WorkflowEvent = { event: "push", ref: "refs/tags/v1" };
const ran = (id: string, does: Job["does"], agrees = true) => {
  const job: Job = {
    id,
    identity: id,
    environment: "release",
    condition: "",
    does,
    artifact: undefined,
    needs: undefined,
  };
  const result: WorkflowResult = {
    ...{ identity: id, id, job: `${id}, tag v1`, steps: [], agrees, log: "", revealed: 0 },
    said: agrees ? "" : "Publish: 409 Conflict",
  };
  return { job, result };
};
const releasing = stack(
  "publisher: { role: contributor, trust: [{ environment: release }] }",
  `release: { ${reviewers}, deployFrom: { tags: ["v*"] } }`,
);
const seen = (results: readonly WorkflowResult[]) => results.map(({ job, agrees, said }) => [job, agrees, said]);

test("a version that two jobs publish is a mistake of both, whatever came of them", () => {
  const results = judge(releasing, { leftOut: [] }, tag, [
    ran("build", "build"),
    ran("publish", "publish"),
    ran("again", "build and publish", false),
  ]);

  expect(seen(results)).toEqual([
    ["build, tag v1", true, ""],
    ["publish, tag v1", false, "again publishes this too"],
    ["again, tag v1", false, "publish publishes this too; Publish: 409 Conflict"],
  ]);
});

test("a tag that an environment takes and no job publishes is a mistake, unless the workflow says why", () => {
  const said = { identity: "publisher", environment: "release", words: "" };

  expect(seen(judge(releasing, { leftOut: [] }, tag, [ran("build", "build")]))).toEqual([
    ["build, tag v1", true, ""],
    ["tag v1", false, "no job publishes this, which the environment release takes"],
  ]);
  expect(judge(releasing, { leftOut: [said] }, tag, [])).toEqual([]);
  expect(judge(releasing, { leftOut: [] }, { event: "push", ref: "refs/tags/w1" }, [])).toEqual([]);
});
