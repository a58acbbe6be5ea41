import fc from "fast-check";
import { expect, test } from "vitest";
import { parseWorkflow } from "../../../sandbox/rehearsal/definitions.ts";
import {
  type Publisher,
  publishersOf,
  startedJobs,
  type WorkflowEvent,
} from "../../../sandbox/rehearsal/workflow-events.ts";
import { means } from "../../../src/jobs/meaning.ts";
import type { TrustEntry } from "../../../src/jobs/trust.ts";
import { startOf } from "../../../src/jobs/start.ts";
import type { EnvironmentSettings, Settings } from "../../../src/settings/schema.ts";
import { ownAction } from "../../../src/workflow/actions.ts";
import { NothingToPrintError } from "../../../src/workflow/nothing-to-print.ts";
import type { LeftOut } from "../../../src/workflow/left-out.ts";
import { planJobs } from "../../../src/workflow/plan.ts";
import { workflowText } from "../../../src/workflow/workflow.ts";
import { stack } from "./stacks.ts";

// Proves for whatever a stack file says that each printed job starts only for what its identity is trusted with and its
// environment takes, and that no two publish for one event. fast-check prints its seed where that fails.

const refName = fc
  .array(fc.constantFrom("v", "V", "1", "2", "-rc", "-RC", "/", "main", "Main", "release", ".", "x"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(""))
  .filter((name) => /^[^/.](?:(?!\/\/|\/\.|\.\.).)*$/.test(name) && !/[/.]$/.test(name));

const trustPattern = fc.constantFrom(
  "main",
  "v1",
  "v*",
  "V*",
  "v*-rc*",
  "v?",
  "release/*",
  "v1*",
  "*-rc",
  "main*",
  "**x",
  "v*/*",
);
const deployPattern = fc.constantFrom(
  ...["main", "v*", "v*-rc*", "v[0-9]", "v[!0-9]*", "*", "**/*", "release/*", "release/**/*", "*-rc*", "v1?", "V*"],
  ...["Main", "m*", "*/x", "refs/pull/*/merge"],
);

const environment: fc.Arbitrary<EnvironmentSettings> = fc.record({
  preventSelfReview: fc.constant(false),
  adminsMayBypass: fc.constant(false),
  reviewers: fc.constantFrom(undefined, { teams: ["captains"] }),
  deployFrom: fc.oneof(
    fc.constant(undefined),
    fc.constant({ protectedBranches: true as const }),
    fc.record({ tags: fc.uniqueArray(deployPattern, { minLength: 1, maxLength: 2 }) }),
    fc.record({ branches: fc.uniqueArray(deployPattern, { minLength: 1, maxLength: 2 }) }),
    fc.record({
      branches: fc.uniqueArray(deployPattern, { minLength: 1, maxLength: 2 }),
      tags: fc.uniqueArray(deployPattern, { minLength: 1, maxLength: 2 }),
    }),
  ),
});
const environmentNames = ["one", "two", "unkept"];
const trustEntry: fc.Arbitrary<TrustEntry> = fc.oneof(
  trustPattern.map((branch) => ({ branch })),
  trustPattern.map((tag) => ({ tag })),
  fc.constant({ pullRequest: true as const }),
  fc.constantFrom("main", "next").map((mergeQueue) => ({ mergeQueue })),
  fc.constantFrom(...environmentNames).map((name) => ({ environment: name })),
);
const base = stack("reader: { role: reader, trust: [{ branch: main }] }");

function settingsOf(
  role: fc.Arbitrary<"reader" | "collaborator" | "contributor">,
  entry: typeof trustEntry,
  protection: typeof environment,
): fc.Arbitrary<Settings> {
  const trust = fc.uniqueArray(entry, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) });
  const identities = fc.array(fc.record({ role, trust }), { minLength: 1, maxLength: 3 });
  return fc.record({ identities, one: protection, two: protection }).map((made) => ({
    ...base,
    environments: { one: made.one, two: made.two },
    identities: Object.fromEntries(
      made.identities.map((identity, index) => [
        `identity-${index}`,
        {
          signIn: "oidc" as const,
          roles: { feed: identity.role },
          trust: identity.trust,
          variablePrefix: `P${index}_`,
        },
      ]),
    ),
  }));
}

const anything = settingsOf(fc.constantFrom("reader", "collaborator", "contributor"), trustEntry, environment);

/** Those that compete for versions. */
const tags = fc.constantFrom("v*", "v*-rc*", "v1*", "*-rc", "v1", "*", "v[0-9]", "v*x", "*-rc*");
const publishers = settingsOf(
  fc.constant("contributor"),
  fc.oneof(
    fc.constantFrom("v*", "v1*", "*-rc", "v1").map((tag) => ({ tag })),
    fc.constantFrom("one", "two").map((name) => ({ environment: name })),
  ),
  fc.record({
    preventSelfReview: fc.constant(false),
    adminsMayBypass: fc.constant(false),
    deployFrom: fc.record({ tags: fc.uniqueArray(tags, { minLength: 1, maxLength: 2 }) }),
  }),
);

const event = fc.oneof(
  refName.map((name): WorkflowEvent => ({ event: "push", ref: `refs/tags/${name}` })),
  refName.map((name): WorkflowEvent => ({ event: "push", ref: `refs/heads/${name}` })),
  refName.map((name): WorkflowEvent => ({ event: "workflow_dispatch", ref: `refs/heads/${name}` })),
  fc.constant<WorkflowEvent>({ event: "workflow_dispatch", ref: "refs/tags/v1" }),
  fc.constant<WorkflowEvent>({ event: "pull_request", ref: "refs/pull/7/merge" }),
  fc
    .constantFrom("main", "Main", "next", "other")
    .map(
      (queue): WorkflowEvent => ({ event: "merge_group", ref: `refs/heads/gh-readonly-queue/${queue}/pr-7-0123456` }),
    ),
);

function printed(settings: Settings) {
  try {
    return parseWorkflow(workflowText(settings, ownAction("contoso/feedpass", "5".repeat(40))));
  } catch (error) {
    if (error instanceof NothingToPrintError) return undefined;
    throw error;
  }
}

/** Whether neither case nor what a filter cannot leave open has anything to do with the answer. */
function isPlain({ identities, environments }: Settings, { ref }: WorkflowEvent): boolean {
  return !/[A-Z]|\[!|\?/.test(
    ref +
      JSON.stringify([Object.values(identities).map(({ trust }) => trust), environments]).replaceAll(
        /mergeQueue|pullRequest|preventSelfReview|adminsMayBypass|deployFrom|protectedBranches/g,
        "",
      ),
  );
}

/** Whether nobody may publish for the event, or the workflow says why somebody who may does not. */
function isExcused(settings: Settings, leftOut: readonly LeftOut[], event: WorkflowEvent): boolean {
  const publishers = publishersOf(settings, event);
  const isLeftOut = ({ identity, environment: name }: Publisher) =>
    leftOut.some((left) => left.identity === identity && left.environment === name);
  return publishers.length === 0 || publishers.some(isLeftOut);
}

test("every started job is one that its identity trusts and GitHub starts, and a version is published once", () => {
  fc.assert(
    fc.property(
      fc.oneof(anything, publishers),
      fc.array(event, { minLength: 40, maxLength: 40 }),
      (settings, events) => {
        const workflow = printed(settings);
        if (workflow === undefined) return;
        const { jobs, leftOut } = planJobs(settings);
        for (const one of events) {
          const started = jobs.filter(({ id }) => startedJobs(workflow, one).includes(id));
          const where = JSON.stringify([one, started]);
          const needed = started.flatMap(({ needs }) => needs ?? []);
          expect(
            needed.filter((id) => !started.some((job) => job.id === id)),
            where,
          ).toEqual([]);
          const publishing = started.filter(({ does }) => does !== "build");
          expect(publishing.length, where).toBeLessThan(2);
          if (isPlain(settings, one) && !isExcused(settings, leftOut, one)) expect(publishing.length, where).toBe(1);
          for (const { identity, environment: name } of started) {
            // By hand a branch is chosen: what differs in case alone is left to GitHub, which refuses it.
            const isByHand = one.event === "workflow_dispatch";
            const job = { ...one, environment: name, approved: true };
            const trust = settings.identities[identity]?.trust ?? [];
            expect(
              trust.some((entry) => means(entry, job)),
              where,
            ).toBe(true);
            const verdicts = [
              one.ref,
              ...(isByHand
                ? [one.ref.toLowerCase(), one.ref.replace("/V", "/v"), one.ref.replace("/main", "/Main")]
                : []),
            ].map((ref) => startOf({ ...job, ref }, settings.environments).verdict);
            expect(
              verdicts.some((verdict) => verdict !== "refused"),
              where,
            ).toBe(true);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});
