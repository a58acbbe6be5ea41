import { outdated } from "../../src/report/outdated.ts";
import type { ExitCode } from "../failure.ts";
import { complain } from "../output.ts";
import { connect } from "./github.ts";
import type { OutdatedOptions } from "./options.ts";
import { ownComment } from "./own-comment.ts";
import { currentRun } from "./run.ts";

/** Runs `feedpass report outdated`. */
export async function markOutdated({ pullRequest }: OutdatedOptions): Promise<ExitCode> {
  const { url, repository } = currentRun();
  const github = connect(repository);
  const own = await ownComment(github, pullRequest);
  const body = own && outdated(own.body, url);
  if (own === undefined || body === undefined) complain(`no comment on #${pullRequest} yet`);
  else {
    if (body !== own.body) await github.changeComment(own.id, body);
    complain(`the comment on #${pullRequest} is marked as out of date`);
  }
  return 0;
}
