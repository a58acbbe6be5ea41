import { describe, expect, test } from "vitest";
import { reportMarkdown } from "../../../cli/fleet/markdown.ts";
import { reportText } from "../../../cli/fleet/render.ts";
import {
  exitCodeOf,
  type FleetReport,
  type Operation,
  type Outcome,
  type StackReport,
} from "../../../cli/fleet/report.ts";
import { leftoverWords } from "../../../cli/fleet/words.ts";
import { coloursFor } from "../../../cli/output.ts";

const plain = coloursFor({});

function stack(name: string, outcome: Outcome, rest: Partial<StackReport> = {}): StackReport {
  return {
    stack: name,
    outcome,
    repository: `contoso/${name}`,
    isNew: false,
    access: [],
    secretEnds: [],
    counts: {},
    changes: [],
    errors: [],
    seconds: 1,
    ...rest,
  };
}

function report(operation: Operation, stacks: readonly StackReport[], leftovers: FleetReport["leftovers"] = []) {
  return { operation, why: `all ${stacks.length} stacks`, stacks, leftovers, seconds: 3 };
}

const variable = {
  action: "update",
  type: "ActionsVariable",
  name: "access/X",
  properties: [{ path: "value", before: '"a"', after: '"b"' }],
} as const;
const credential = { action: "delete", type: "Credential", name: "access/y", properties: [] } as const;
const retired = { stack: "retired", resources: 33, access: [] };

describe("the exit code", () => {
  test.each<[Operation, readonly Outcome[], number, number]>([
    ["preview", [], 0, 0],
    ["preview", ["same"], 0, 0],
    ["preview", ["same", "changed"], 0, 2],
    ["preview", ["same"], 1, 2],
    ["drift", ["absent"], 0, 0],
    ["drift", ["changed"], 0, 2],
    ["drift", ["changed", "failed"], 0, 1],
    ["up", ["changed", "same"], 1, 0],
    ["up", ["changed", "broken"], 0, 1],
    ["up", ["changed", "interrupted", "notRun"], 0, 4],
    ["up", ["changed", "elsewhere"], 0, 4],
    ["up", ["elsewhere", "failed"], 0, 1],
    ["preview", ["changed", "interrupted"], 0, 4],
  ])("of %s with %j and %d leftovers is %d", (operation, outcomes, leftovers, code) => {
    const stacks = outcomes.map((outcome, index) => stack(`s${index}`, outcome));

    expect(
      exitCodeOf(
        report(
          operation,
          stacks,
          Array.from({ length: leftovers }, () => retired),
        ),
      ),
    ).toBe(code);
  });
});

describe("the report of a run", () => {
  const drift = report("drift", [
    stack("calm", "same"),
    stack("drifted", "changed", { counts: { update: 1, delete: 1 }, changes: [variable, credential] }),
    stack("broken", "broken", { errors: ["stacks/Pulumi.broken.yaml: feed: missing, expected a feed"] }),
  ]);

  test("has on a terminal what needs somebody, the worst first, and the count", () => {
    expect(reportText(drift, plain)).toBe(`broken: its file has problems
  stacks/Pulumi.broken.yaml: feed: missing, expected a feed
drifted: 1 changed, 1 gone
  ~ ActionsVariable access/X: value "a" → "b"
  - Credential access/y
3 stacks: 1 drifted, 1 without drift, 1 with a broken file.`);
  });

  test("is a table with folded details in Markdown", () => {
    expect(reportMarkdown(drift)).toBe(`## Drift

3 stacks: 1 drifted, 1 without drift, 1 with a broken file.
Of all 3 stacks.

| Stack | Result |
| --- | --- |
| broken | ❌ its file has problems |
| drifted | 📝 1 changed, 1 gone |

<details><summary>broken</summary>

\`\`\`diff
stacks/Pulumi.broken.yaml: feed: missing, expected a feed
\`\`\`

</details>

<details><summary>drifted</summary>

\`\`\`diff
! ActionsVariable access/X: value "a" → "b"
- Credential access/y
\`\`\`

</details>
`);
  });

  test("tells of client secrets that end, whatever else there is to tell of their stacks", () => {
    const end = { identity: "ci", signIn: "both", day: "2026-12-29", daysLeft: 29, state: "ends soon" } as const;
    const ended = {
      ...end,
      identity: "old",
      signIn: "secret",
      day: "2026-11-30",
      daysLeft: 0,
      state: "ended",
    } as const;
    const calm = report("preview", [stack("calm", "same", { secretEnds: [end, ended] }), stack("other", "same")]);
    const renewal =
      "set a later day and apply the stack, which makes a new secret, or leave secrets behind: signIn oidc";

    expect(reportText(calm, plain)).toBe(`calm: nothing to do
  identities.ci.secretExpires: the client secret ends on 2026-12-29, in 29 days; ${renewal}
  identities.old.secretExpires: the client secret ended on 2026-11-30: no job signs in as old any more; ${renewal}
2 stacks: 2 with nothing to do.`);
    expect(reportMarkdown(calm)).toContain(
      `- ⏳ **calm**: identities.ci.secretExpires: the client secret ends on 2026-12-29, in 29 days; ${renewal}\n` +
        "- ⏳ **calm**: identities.old.secretExpires: the client secret ended on 2026-11-30: no job",
    );
    expect(exitCodeOf(calm)).toBe(0);
  });

  test("names the change of access, dangerous ones marked", () => {
    const access = [{ text: "contoso/widgets: environment release gains publish on contoso/python", escalation: true }];
    const preview = report("preview", [stack("widgets", "changed", { isNew: true, counts: { create: 33 }, access })]);

    expect(reportText(preview, plain)).toBe(`widgets: new: 33 to create
  ! access: contoso/widgets: environment release gains publish on contoso/python
1 stack: 1 with changes.`);
    expect(reportMarkdown(preview)).toContain(
      "| widgets | 📝 new: 33 to create | ⚠️ contoso/widgets: environment release gains publish on contoso/python |",
    );
  });

  test("lists no more than twenty resources of a stack on a terminal", () => {
    const changes = Array.from({ length: 25 }, (_none, index) => ({ ...credential, name: `access/${index}` }));
    const text = reportText(report("preview", [stack("big", "changed", { counts: { delete: 25 }, changes })]), plain);

    expect(text.split("\n")).toHaveLength(1 + 20 + 1 + 1);
    expect(text).toContain("  and 5 more resources");
  });

  test("stays below its limit in Markdown, says so, and ends no fence early", () => {
    const errors = ["a line\n".repeat(100), "```\n</details>"];
    const many = report(
      "up",
      Array.from({ length: 50 }, (_none, index) => stack(`s${index}`, "failed", { errors })),
    );

    const text = reportMarkdown(many, 20_000);

    expect(text.length).toBeLessThanOrEqual(20_000);
    expect(text).toContain(" stacks more are in the job's output.");
    expect(text.match(/^````diff$/gm)?.length).toBe(text.match(/^````$/gm)?.length);
  });

  test("shows nothing of a file as markup", () => {
    const error = stack("a", "failed", { errors: ["@ada <b>"] });

    expect(reportMarkdown({ ...report("up", [error]), why: "1 stack matching *|*" })).toContain("matching \\*\\|\\*");
  });
});

describe("a stack without a file", () => {
  test("is told of with what removes it", () => {
    expect(leftoverWords(retired)).toBe(
      "its file stacks/Pulumi.retired.yaml is gone, and 33 resources may still exist; to remove it: put the file back with " +
        "feedpass:removable: true, then npx pulumi up -s retired, npx pulumi destroy -s retired, npx pulumi stack rm retired",
    );
  });

  test("only needs its empty state removed where nothing is left", () => {
    expect(leftoverWords({ ...retired, resources: 0 })).toBe(
      "its file stacks/Pulumi.retired.yaml is gone, and nothing of it is left: npx pulumi stack rm retired",
    );
  });
});
