import { commentMarker } from "./comment.ts";
import { document, heading, lines, link, markdown, marker, paragraph } from "./markdown.ts";
import { roomOfComment } from "./room.ts";

/** The second line of a comment that is out of date, and the one above what it said before. */
const outdatedMarker = marker("feedpass:outdated");
const olderMarker = marker("feedpass:older");

/**
 * The comment on a pull request while a newer commit is previewed: nothing of it claims to be of that commit, and what it
 * said is folded. One that is out of date already is only told of the newer run.
 * @param body a comment whose first line is the marker
 * @param runUrl where the new preview is made, an https address
 */
export function outdated(body: string, runUrl: string): string {
  const [first, ...said] = body.split(/\r?\n/);
  if (first !== commentMarker) throw new Error("expected the comment that a preview has written");
  const older = said[0] === outdatedMarker ? olderPart(said) : said.join("\n").trim();
  const notice = document([
    lines([
      marker("feedpass:preview"),
      outdatedMarker,
      heading(3, markdown`⏳ Feed access: a newer commit is being previewed`),
    ]),
    paragraph(
      markdown`What stands below is of an older commit. It is replaced when ${link(markdown`the run`, runUrl)} is done; if it is not, that run has failed, and nothing is known of the newer commit.`,
    ),
  ]);
  if (older === "" || Buffer.byteLength(older) > roomOfComment) return notice;
  // The older text stands as it is: this program wrote it.
  return [
    notice,
    "",
    "<details><summary>What was said of an older commit</summary>",
    "",
    olderMarker,
    older,
    "",
    "</details>",
  ].join("\n");
}

/** What a comment said before it was marked; nothing where that did not fit. */
function olderPart(lines: readonly string[]): string {
  const start = lines.indexOf(olderMarker);
  return start < 0
    ? ""
    : lines
        .slice(start + 1, lines.lastIndexOf("</details>"))
        .join("\n")
        .trim();
}
