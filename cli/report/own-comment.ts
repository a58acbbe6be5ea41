import { commentMarker } from "../../src/report/comment.ts";
import type { Comment, GitHub } from "./github.ts";

/** The comment that previews keep on a pull request, on whatever page it is; undefined where there is none yet. */
export async function ownComment(github: GitHub, pullRequest: number): Promise<Comment | undefined> {
  const comments = await github.comments(pullRequest);
  // A person may have quoted it. Only what this job's own kind has written is changed.
  return comments.find((comment) => comment.isByBot && comment.body.split(/\r?\n/, 1)[0] === commentMarker);
}
