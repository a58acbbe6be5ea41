import fc from "fast-check";
import type { Change } from "../../../src/access/change.ts";
import type { PreviewReport } from "../../../src/report/comment.ts";
import { type FleetResults, fleetResults, merged, operations } from "../../../src/report/results.ts";
import type { SecretEnd } from "../../../src/settings/secret-end.ts";
import { attacks } from "./fixtures/attacks.ts";

/** Texts of attackers: one attack, several with something between them, or anything at all. */
export const attackText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...attacks),
  fc
    .array(fc.oneof(fc.constantFrom(...attacks), fc.constantFrom("\n", "\n\n", " ", "a", "- ")), { maxLength: 6 })
    .map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'`~*_[]()<>#|&$@:!\\-+=.1a/ \n"'), maxLength: 30 }),
);

const stackName = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "a--", "-", "www.a.b", "0123abc", "GH-1", "a_b_c"),
  fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/),
);

const entry = attackText.map((text) => text.slice(0, 1000));

const change = fc.record({
  action: fc.constantFrom("create", "update", "replace", "delete", "import"),
  type: entry,
  name: entry,
  properties: fc.array(fc.record({ path: entry, before: entry, after: entry }, { requiredKeys: ["path"] }), {
    maxLength: 3,
  }),
});

const stackResult = fc.record(
  {
    stack: stackName,
    outcome: fc.constantFrom("same", "changed", "absent", "broken", "elsewhere", "failed", "interrupted", "notRun"),
    repository: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,10}\/[A-Za-z0-9._-]{1,10}$/),
    isNew: fc.boolean(),
    counts: fc.dictionary(fc.constantFrom(...operations), fc.nat({ max: 999_999 }), { noNullPrototype: true }),
    changes: fc.array(change, { maxLength: 4 }),
    errors: fc.array(attackText, { maxLength: 4 }),
  },
  { requiredKeys: ["stack", "outcome", "isNew", "counts", "changes", "errors"] },
);

/** Every result that the schema takes: what a pull request's code may write. */
const results: fc.Arbitrary<FleetResults[]> = fc
  .array(
    fc.record({
      operation: fc.constantFrom("preview", "drift"),
      stacks: fc.array(stackResult, { maxLength: 5 }),
      leftovers: fc.array(
        fc.record({ stack: stackName, resources: fc.nat({ max: 999_999 }) }, { requiredKeys: ["stack"] }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 4 },
  )
  .map((written) => written.map((result) => fleetResults.parse(JSON.parse(JSON.stringify(result)))));

const accessChange: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("gain", "loss", "protection"),
  escalation: fc.boolean(),
  stack: stackName,
  repository: attackText,
  feeds: fc.constant([]),
  text: attackText,
});

const problem = fc.record({ path: attackText, text: attackText });

const secretEnd: fc.Arbitrary<SecretEnd> = fc.record({
  identity: attackText,
  signIn: fc.constantFrom("secret", "both"),
  day: fc.constant("2026-12-29"),
  daysLeft: fc.constantFrom(0, 1, 29),
  state: fc.constantFrom("ends soon", "ended"),
});

export const secretEnds: fc.Arbitrary<SecretEnd[]> = fc.array(secretEnd, { minLength: 1, maxLength: 3 });

/** A report of which others wrote everything but the commits and the address of the run. */
export const attackedReport: fc.Arbitrary<PreviewReport> = fc
  .record({
    access: fc.array(accessChange, { maxLength: 5 }),
    broken: fc.array(fc.record({ file: attackText, problems: fc.array(problem, { maxLength: 3 }) }), { maxLength: 3 }),
    secretEnds: fc.array(fc.record({ stack: stackName, ends: secretEnds }), { maxLength: 2 }),
    expected: fc.array(stackName, { maxLength: 3 }),
    shared: fc.array(attackText, { maxLength: 2 }),
    results,
    unreadable: fc.array(fc.record({ name: attackText, why: fc.constant("no JSON") }), { maxLength: 3 }),
  })
  .map(({ results: written, ...report }) => ({
    ...report,
    preview: merged(written, "preview"),
    drift: merged(written, "drift"),
    base: "9d9c71ec0ffee9d9c71ec0ffee9d9c71ec0ffee0",
    commit: "39c67c9b1d39c67c9b1d39c67c9b1d39c67c9b1d",
    runUrl,
  }));

export const runUrl = "https://github.com/contoso/feed-access/actions/runs/42";
