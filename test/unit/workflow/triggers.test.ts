import { expect, test } from "vitest";
import {
  checkTriggers,
  conditionOf,
  covers,
  type EventTrust,
  eventsOf,
  eventTriggers,
  releaseTriggers,
  unite,
} from "../../../src/workflow/triggers.ts";

const branch = (value: string) => eventTriggers({ kind: "branch", value });
const tag = (value: string) => eventTriggers({ kind: "tag", value });

const entries: readonly (readonly [EventTrust, unknown, string])[] = [
  [{ kind: "branch", value: "main" }, { push: { branches: ["main"] } }, "github.ref == 'refs/heads/main'"],
  [{ kind: "tag", value: "v1.0" }, { push: { tags: ["v1.0"] } }, "github.ref == 'refs/tags/v1.0'"],
  [{ kind: "pullRequest", value: "" }, { pull_request: null }, "github.event_name == 'pull_request'"],
  [
    { kind: "mergeQueue", value: "main" },
    { merge_group: null },
    "startsWith(github.ref, 'refs/heads/gh-readonly-queue/main/pr-')",
  ],
  [
    { kind: "branch", value: "release/*" },
    { push: { branches: ["release/**"] } },
    "startsWith(github.ref, 'refs/heads/release/')",
  ],
  [{ kind: "tag", value: "v?" }, { push: { tags: ["v*"] } }, "startsWith(github.ref, 'refs/tags/v')"],
  [
    { kind: "branch", value: "c++/it's" },
    { push: { branches: ["c\\+\\+/it's"] } },
    "github.ref == 'refs/heads/c++/it''s'",
  ],
  [{ kind: "branch", value: "!odd" }, { push: { branches: ["\\!odd"] } }, "github.ref == 'refs/heads/!odd'"],
];

test.each(entries)("%j starts jobs on its own events, and on no other", (trust, events, condition) => {
  const triggers = eventTriggers(trust);

  expect(eventsOf(triggers)).toEqual(events);
  expect(conditionOf(triggers)).toBe(condition);
});

const environment = { preventSelfReview: false, adminsMayBypass: false };

test.each([
  ["with the tags that may deploy", { tags: ["v*", "r?+"], branches: ["main"] }, { push: { tags: ["v*", "r*\\+"] } }],
  ["by hand where branches may deploy", { branches: ["main"] }, { workflow_dispatch: null }],
  ["by hand where protected branches may deploy", { protectedBranches: true as const }, { workflow_dispatch: null }],
])("what is published from an environment starts %s", (_, deployFrom, events) => {
  expect(eventsOf(releaseTriggers({ ...environment, deployFrom }))).toEqual(events);
});

test.each([
  ["takes everything", environment],
  ["is not the stack's", undefined],
])("an environment that %s publishes with a version's tag", (_, settings) => {
  expect(eventsOf(releaseTriggers(settings))).toEqual({ push: { tags: ["v*"] } });
});

test.each([
  ["whatever may deploy", { tags: ["v*"], branches: ["main"] }, { push: { branches: ["main"], tags: ["v*"] } }],
  ["each push to a branch where everything may", undefined, { push: { branches: ["**"] } }],
  [
    "nothing but a person where protected branches may",
    { protectedBranches: true as const },
    { workflow_dispatch: null },
  ],
])("what is checked in an environment starts with %s", (_, deployFrom, events) => {
  expect(eventsOf(checkTriggers({ ...environment, ...(deployFrom ? { deployFrom } : {}) }))).toEqual(events);
});

test("several are started by all of their events, each named once", () => {
  const all = unite([branch("main"), tag("v1"), branch("main"), eventTriggers({ kind: "pullRequest", value: "" })]);

  expect(eventsOf(all)).toEqual({ push: { branches: ["main"], tags: ["v1"] }, pull_request: null });
  expect(conditionOf(all)).toBe(
    "github.event_name == 'pull_request' || github.ref == 'refs/heads/main' || github.ref == 'refs/tags/v1'",
  );
});

test.each([
  [[branch("main"), tag("v1")], branch("main"), true],
  [[branch("main")], tag("main"), false],
  [[branch("main")], branch("develop"), false],
  [[branch("main")], eventTriggers({ kind: "pullRequest", value: "" }), false],
  [[branch("main")], eventTriggers({ kind: "mergeQueue", value: "main" }), false],
  [[branch("main")], releaseTriggers({ ...environment, deployFrom: { branches: ["main"] } }), false],
])("a job covers another only where all that starts the other starts it too (%#)", (all, some, covered) => {
  expect(covers(unite(all), some)).toBe(covered);
});
