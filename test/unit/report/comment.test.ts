import { expect, test } from "vitest";
import { commentMarker, isWorthTelling, renderComment } from "../../../src/report/comment.ts";
import { merged } from "../../../src/report/results.ts";
import { created, nothing, pullRequest, run, stackResult } from "./pull-request.ts";

test("a pull request that edits, adds and removes files and changes the code reads like this", async () => {
  await expect(`${renderComment(pullRequest)}\n`).toMatchFileSnapshot("golden/comment.md");
});

test("the first line is the marker, and nothing before it", () => {
  const [first] = renderComment(pullRequest).split("\n");

  expect(first).toBe(commentMarker);
});

test("a pull request that concerns nothing is not worth a comment, and would say so in one", () => {
  const body = renderComment(nothing);

  expect(isWorthTelling(nothing)).toBe(false);
  expect(body).toContain("### Feed access: no stack changes");
  expect(body).toContain("Nobody gains or loses anything.");
  expect(body).toContain("No stack is affected.");
});

test("stacks whose names begin alike stay apart", () => {
  const body = renderComment({
    ...nothing,
    expected: ["app", "app-2"],
    preview: merged(
      [
        run("preview", [
          stackResult("app", { outcome: "changed", changes: [created("FeedPermission", "access/one")] }),
          stackResult("app-2", { outcome: "failed", errors: ["it failed"] }),
        ]),
      ],
      "preview",
    ),
    drift: merged([run("drift", [stackResult("app"), stackResult("app-2")])], "drift"),
  });

  expect(body).toContain("| ✏️ | `app` | 1 to create | none |");
  expect(body).toContain("| ❌ | `app-2` | **failed** | none |");
});

test("a stack of which no job has said anything has failed", () => {
  const body = renderComment({ ...nothing, expected: ["app"] });

  expect(body).toContain("### ❌ Feed access: 1 stack failed");
  expect(body).toContain("| ❌ | `app` | **no result** | **no result** |");
});

test("a file that is no result is told", () => {
  const body = renderComment({ ...nothing, unreadable: [{ name: "preview-3.json", why: "no JSON" }] });

  expect(body).toContain("❌ `preview-3.json` is no result that can be read (no JSON): [see the logs]");
});

test("a file with problems is told with all of them", () => {
  const problems = [
    { path: "identities.publisher.role", text: 'got "owner", expected reader, collaborator or contributor' },
    { path: "feed.name", text: "missing, expected the feed's name" },
  ];

  const body = renderComment({ ...nothing, broken: [{ file: "stacks/Pulumi.app.yaml", problems }] });

  expect(body).toContain(
    [
      "❌ `stacks/Pulumi.app.yaml` has problems, so its access is not known:",
      "",
      "```text",
      'identities.publisher.role: got "owner", expected reader, collaborator or contributor',
      "feed.name: missing, expected the feed's name",
      "```",
    ].join("\n"),
  );
});

test("a stack without a file and without resources only has to be forgotten", () => {
  const leftovers = [{ stack: "app", resources: 0 }];

  const body = renderComment({ ...nothing, preview: merged([{ ...run("preview", []), leftovers }], "preview") });

  expect(body).toContain("nothing of its stack is left: `npx pulumi stack rm app` forgets it.");
});

/** A fleet in which every stack has more to tell than anybody reads. */
function large(stacks: number, lines: number) {
  const names = Array.from({ length: stacks }, (_, index) => `stack-${String(index).padStart(4, "0")}`);
  const changes = Array.from({ length: lines }, (_, index) => created("ActionsVariable", `access/VARIABLE_${index}`));
  const results = names.map((stack, index) =>
    index % 10 === 9
      ? stackResult(stack, { outcome: "failed", errors: [`${stack} failed`] })
      : stackResult(stack, { outcome: "changed", changes }),
  );
  return {
    ...pullRequest,
    expected: names,
    preview: merged([run("preview", results)], "preview"),
    drift: merged(
      [
        run(
          "drift",
          names.map((stack) => stackResult(stack)),
        ),
      ],
      "drift",
    ),
  };
}

test.each([
  [200, 300],
  [1000, 5],
  [3, 5000],
])("%i stacks with %i changes each fit into a comment, failures first, with a link to the rest", (stacks, lines) => {
  const report = large(stacks, lines);

  const body = renderComment(report);

  expect(body.length).toBeLessThanOrEqual(65_000);
  const rows = body.split("\n").filter((line) => /^\| (❌|✏️)/.test(line));
  expect(rows.length).toBe(Math.min(stacks, 150));
  expect(rows.slice(0, Math.floor(stacks / 10)).every((row) => row.includes("❌"))).toBe(true);
  expect(body.match(/<details>/g)?.length).toBe(body.match(/<\/details>/g)?.length);
  expect(body).toContain(stacks > 3 ? "do not fit here: [see the logs]" : "… and 4880 more lines");
});

test("many lines of access are cut, the most dangerous kept", () => {
  const access = Array.from({ length: 500 }, (_, index) => ({
    ...(pullRequest.access[index === 0 ? 0 : 2] ?? expect.unreachable()),
    repository: `contoso/r${index}`,
  }));

  const body = renderComment({ ...nothing, access });

  expect(body).toContain("- ⚠️ **contoso/r0**: environment nightly gains install and publish");
  expect(body).toContain("\n\n… and 400 more; all of them: `npx feedpass access --diff`");
});

const hostile = "@everyone </details> ```\n# Owned <img src=x> [click](http://evil) ![x](y)";

test("what a file or a service says is never markup, and mentions nobody", () => {
  const body = renderComment({
    ...nothing,
    access: [{ ...(pullRequest.access[0] ?? expect.unreachable()), text: hostile }],
    expected: ["app"],
    preview: merged([run("preview", [stackResult("app", { outcome: "failed", errors: [hostile] })])], "preview"),
    drift: merged([run("drift", [stackResult("app")])], "drift"),
  });

  const line = body.split("\n").find((found) => found.startsWith("- ⚠️"));
  expect(line).toBe(
    "- ⚠️ **contoso/widgets**: @&#8203;everyone \\</details\\> \\`\\`\\` #&#8203; Owned \\<img src=x\\> \\[click\\](http:&#8203;//evil) !\\[x\\](y)",
  );
  // In a block the fence is longer than any in the text.
  expect(body).toContain(`\`\`\`\`text\n${hostile}\n\`\`\`\``);
});

test("a secret that an error carries is hidden, with what surrounds it told", () => {
  const secret = `ghp_${"a1B2".repeat(9)}`;
  const failed = stackResult("app", { outcome: "failed", errors: [`got ${secret}!`] });

  const body = renderComment({
    ...nothing,
    access: [{ ...(pullRequest.access[0] ?? expect.unreachable()), text: `branch ${secret} gains publish` }],
    expected: ["app"],
    preview: merged([run("preview", [failed])], "preview"),
  });

  expect(body).toContain("got [hidden]!");
  expect(body).toContain("branch \\[hidden\\] gains publish");
  expect(body).not.toContain("a1B2a1B2");
});

test("results that nobody could read are no success, whatever the others say", () => {
  const report = { ...nothing, unreadable: [{ name: "preview-1.json", why: "larger than 16 MiB" }] };

  expect(isWorthTelling(report)).toBe(true);
  expect(renderComment(report)).toContain("### ❌ Feed access: 1 result cannot be read");
  expect(renderComment(report)).toContain("❌ `preview-1.json` is no result that can be read (larger than 16 MiB):");
});
