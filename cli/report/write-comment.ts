import { presentDay } from "../../infra/today.ts";
import { accessChanges } from "../../src/access/changes.ts";
import { isWorthTelling, type PreviewReport, renderComment } from "../../src/report/comment.ts";
import { merged } from "../../src/report/results.ts";
import { endsOf } from "../../src/report/secret-ends.ts";
import { statesSince } from "../access/states.ts";
import type { CommentOptions } from "./options.ts";
import { type ExitCode, Failure } from "../failure.ts";
import { changedSince, select } from "../fleet/changed.ts";
import { commitOf } from "../git.ts";
import { complain, print } from "../output.ts";
import { findProject, type Project } from "../project.ts";
import { connect } from "./github.ts";
import { ownComment } from "./own-comment.ts";
import { readResults } from "./read-results.ts";
import { currentRun } from "./run.ts";

/**
 * Runs `feedpass report comment`. What it tells of access is read from the files here, not from the results: those come
 * from the pull request's own code.
 */
export async function writeComment(folder: string, options: CommentOptions): Promise<ExitCode> {
  const project = findProject();
  const { url, repository } = currentRun();
  const report = await gather(project, folder, options, url);
  const body = renderComment(report);
  if (options.print) print(body);
  else await post(body, isWorthTelling(report), repository, options.pullRequest);
  return report.unreadable.length === 0 ? 0 : 1;
}

async function gather(
  project: Project,
  folder: string,
  { changedSince: reference, head }: CommentOptions,
  runUrl: string,
): Promise<PreviewReport> {
  const today = presentDay();
  const [change, { before, after, present }, base, commit] = await Promise.all([
    changedSince(project, reference, head),
    statesSince(project, reference, today, head),
    commitOf(project.root, reference),
    commitOf(project.root, head ?? "HEAD"),
  ]);
  const { results, unreadable } = readResults(folder);
  const expected = select([...present], [], change, reference).stacks;
  return {
    access: accessChanges(before, after),
    broken: after.broken,
    secretEnds: endsOf(after.stacks, expected, today),
    expected,
    shared: change.shared,
    preview: merged(results, "preview"),
    drift: merged(results, "drift"),
    unreadable,
    base,
    // A merge that GitHub made for the pull request is nobody's commit: its second parent is what was pushed.
    commit: await commitOf(project.root, `${head ?? "HEAD"}^2`).catch(() => commit),
    runUrl,
  };
}

async function post(
  body: string,
  isWorth: boolean,
  repository: string | undefined,
  pullRequest: number | undefined,
): Promise<void> {
  if (pullRequest === undefined) throw new Failure("--pull-request: missing, expected its number; or use --print");
  const github = connect(repository);
  const own = await ownComment(github, pullRequest);
  if (own) {
    await github.changeComment(own.id, body);
    complain(`the comment on #${pullRequest} is up to date`);
  } else if (isWorth) {
    await github.addComment(pullRequest, body);
    complain(`the comment on #${pullRequest} is written`);
  } else complain(`nothing to tell on #${pullRequest}`);
}
