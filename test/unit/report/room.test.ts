import fc from "fast-check";
import { expect, test } from "vitest";
import { reportMarkdown } from "../../../cli/fleet/markdown.ts";
import { renderComment } from "../../../src/report/comment.ts";
import { driftIssue } from "../../../src/report/drift-issue.ts";
import { outdated } from "../../../src/report/outdated.ts";
import { merged } from "../../../src/report/results.ts";
import { attacks } from "./fixtures/attacks.ts";
import { created, nothing, pullRequest, run, stackResult } from "./pull-request.ts";

/** GitHub's limit of a comment or an issue, in the stricter of the two units it is known in. */
const limit = 65_536;

const bytes = (body: string) => Buffer.byteLength(body);

/** As many, and as long, as the schema takes. */
const size = fc.record({
  text: fc.oneof(fc.constantFrom(...attacks), fc.constantFrom("$", "@", "\u{e0041}", "`", "0123456", "😀", "a")),
  times: fc.constantFrom(1, 30, 1000),
  stacks: fc.constantFrom(0, 3, 300, 3000),
  entries: fc.constantFrom(0, 1, 200, 2000),
  escalations: fc.constantFrom(0, 5, 400),
});

test("a comment always fits, and says what it leaves out, whatever there is to tell", () => {
  fc.assert(
    fc.property(size, ({ text, times, stacks, entries, escalations }) => {
      const long = text.repeat(times).slice(0, 100_000);
      const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, n) => make(n));
      const results = many(stacks, (index) =>
        stackResult(`s${index}`, index % 2 === 0 ? { outcome: "failed", errors: many(10, () => long) } : {}),
      );
      const leftovers = many(stacks, (index) => ({ stack: `gone-${index}` }));
      const report = {
        ...pullRequest,
        access: many(escalations + entries, (index) => ({
          ...(pullRequest.access[0] ?? expect.unreachable()),
          escalation: index >= entries,
          text: `${index} ${long}`,
        })),
        broken: many(entries, (index) => ({
          file: `${index}`,
          problems: many(50, () => ({ path: long, text: long })),
        })),
        expected: results.map(({ stack }) => stack),
        shared: [long],
        unreadable: many(entries, () => ({ name: long, why: "no JSON" })),
        preview: merged([run("preview", results), { operation: "preview", stacks: [], leftovers }], "preview"),
        drift: merged([run("drift", results)], "drift"),
      };

      const body = renderComment(report);

      expect(bytes(body)).toBeLessThanOrEqual(limit);
      const marked = outdated(body, report.runUrl);
      expect(bytes(marked)).toBeLessThanOrEqual(limit);
      expect(marked).toContain("#### Who may do what");
      const shown = (body.match(/^- ⚠️ /gm) ?? []).length;
      const left = Number(/^… and \d+ more, (\d+) of them/m.exec(body)?.[1] ?? 0);
      expect(shown + left).toBe(escalations);
      // One that is not dangerous is shown only where all that are dangerous stand above it.
      if (left > 0) expect(body).not.toMatch(/^- \*\*/m);
      const shownStacks = (body.match(/^\| ❌ /gm) ?? []).length;
      const leftStacks = Number(/^(\d+) stacks? more: /m.exec(body)?.[1] ?? 0);
      expect(shownStacks + leftStacks).toBe(results.filter(({ outcome }) => outcome === "failed").length);
    }),
    { numRuns: 25 },
  );
});

test("an escalation has room before anything else", () => {
  const change = pullRequest.access[0] ?? expect.unreachable();
  const quiet = Array.from({ length: 5000 }, (_, index) => ({ ...change, escalation: false, text: `quiet ${index}` }));
  const dangerous = Array.from({ length: 200 }, (_, index) => ({ ...change, text: `dangerous ${index}` }));

  const body = renderComment({ ...nothing, access: [...quiet, ...dangerous] });

  expect(body.match(/dangerous \d+/g)?.length).toBe(200);
  expect(body).toContain("\n\n… and 5000 more; all of them:");
});

test("an issue always fits", () => {
  fc.assert(
    fc.property(size, ({ text, times, entries }) => {
      const changes = Array.from({ length: entries }, (_, index) => ({
        ...created(text, `${index}`),
        properties: [{ path: text, before: text.repeat(times).slice(0, 1000), after: text }],
      }));

      const { body } = driftIssue(stackResult("app", { outcome: "changed", changes }), pullRequest.runUrl);

      expect(bytes(body)).toBeLessThanOrEqual(limit);
      expect(body.endsWith("</sub>")).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test("the summary of a job always fits, and counts what it leaves out", () => {
  const stack = (index: number) => ({
    ...stackResult(`s${index}`, { outcome: "failed", errors: ["€".repeat(900)] }),
    repository: undefined,
    access: [{ text: "😀".repeat(400), escalation: false }],
    secretEnds: [],
    changes: [],
    seconds: 1,
  });
  const leftovers = Array.from({ length: 5000 }, (_, index) => ({
    stack: `gone-${index}`,
    resources: 1,
    access: [],
  }));
  const stacks = Array.from({ length: 5000 }, (_, index) => stack(index));

  const body = reportMarkdown({ operation: "up", why: "all", stacks, leftovers, seconds: 1 });

  expect(bytes(body)).toBeLessThanOrEqual(1024 * 1024);
  expect(bytes(body)).toBeGreaterThan(900_000);
  const shown = body.match(/^\| s\d+ /gm)?.length ?? 0;
  expect(body).toContain(`\n${5000 - shown} stacks more in the job's output.`);
});
