import { expect, test } from "vitest";
import { commentMarker, renderComment } from "../../../src/report/comment.ts";
import { outdated } from "../../../src/report/outdated.ts";
import { pullRequest } from "./pull-request.ts";

const run = (number: number) => `https://github.com/contoso/feed-access/actions/runs/${number}`;

test("a comment that is out of date says so first, and folds what it said", () => {
  const body = outdated(renderComment({ ...pullRequest, expected: [], broken: [] }), run(43));

  expect(body.split("\n").slice(0, 9)).toEqual([
    commentMarker,
    "<!-- feedpass:outdated -->",
    "### ⏳ Feed access: a newer commit is being previewed",
    "",
    `What stands below is of an older commit. It is replaced when [the run](${run(43)}) is done; if it is not, that run has failed, and nothing is known of the newer commit.`,
    "",
    "<details><summary>What was said of an older commit</summary>",
    "",
    "<!-- feedpass:older -->",
  ]);
  expect(body).toContain("⚠️ **contoso/widgets**: environment nightly gains install and publish");
  expect(body.endsWith("</sub>\n\n</details>")).toBe(true);
});

test("marked twice it is the same, whatever ends its lines, and a later run only has its own link", () => {
  const once = outdated(renderComment(pullRequest), run(43));

  expect(outdated(once, run(43))).toBe(once);
  expect(outdated(once.replaceAll("\n", "\r\n"), run(43))).toBe(once);
  expect(outdated(once, run(44))).toBe(once.replace(run(43), run(44)));
});

test("what does not fit beside the notice is left out, also the second time", () => {
  const once = outdated(`${commentMarker}\n${"€".repeat(30_000)}`, run(43));

  expect(once).not.toContain("€");
  expect(once).toContain("nothing is known of the newer commit");
  expect(outdated(once, run(43))).toBe(once);
});

test("nothing but such a comment is marked", () => {
  expect(() => outdated("Is this right?", run(43))).toThrow("expected the comment that a preview has written");
});
