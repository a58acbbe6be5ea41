import { text as readAll } from "node:stream/consumers";
import { presentDay } from "../../infra/today.ts";
import { diagnose, presentedSubject } from "../../src/diagnosis/catalogue.ts";
import type { KnownError } from "../../src/diagnosis/catalogue/known-error.ts";
import { compareSubject, type Comparison } from "../../src/diagnosis/comparison.ts";
import { type Explanation, explainJob } from "../../src/diagnosis/explain.ts";
import type { Job } from "../../src/jobs/job.ts";
import { stackFilePath } from "../../src/settings/config.ts";
import type { Problem } from "../../src/settings/problem.ts";
import { knownOf } from "../../src/settings/meaning.ts";
import { pullRequestProblems } from "../../src/settings/pull-request-rules.ts";
import { judgeSubjects } from "../../src/settings/subject-rules.ts";
import { type ExitCode, Failure } from "../failure.ts";
import { coloursFor, complain, print, visible } from "../output.ts";
import { findProject } from "../project.ts";
import { readStack } from "../stack.ts";
import { errorText, explanationText, nearestLines, unmatchedLines } from "./render.ts";
import { findRepository } from "./repository.ts";

/** What the command line said. */
export interface ExplainOptions {
  readonly event?: string;
  readonly ref?: string;
  readonly environment?: string;
  readonly workflow?: string;
  readonly fork?: true;
  readonly claim?: readonly string[];
  readonly prefix?: string;
  readonly error?: string;
  readonly json?: true;
}

/** Runs `feedpass explain`. */
export async function explain(given: string | undefined, options: ExplainOptions): Promise<ExitCode> {
  if (options.error !== undefined) return explainError(given, options.error, options);
  if (given === undefined) throw new Failure("name a stack, or give an error with --error");
  const job = jobOf(options);
  const project = findProject();
  const { stack, settings } = readStack(project, given);
  const { subjects, environments, source, problems } = await findRepository(project, settings, options.prefix);
  const explanation = explainJob(stack, settings, subjects, job, environments, presentDay());
  const { verdict, reason } = explanation;
  if (verdict === "unknown" && reason !== undefined) throw new Failure(reason);
  const judged = judgeSubjects(settings, subjects);
  const isTold = ({ text }: Problem) => explanation.unmatched.some((entry) => entry.reason === text);
  const ofPullRequests = pullRequestProblems(
    settings,
    knownOf(settings, { template: subjects.template, environments }),
  );
  const notes = [
    ...problems,
    ...judged.problems.filter((problem) => !isTold(problem)),
    ...ofPullRequests,
    ...judged.warnings,
  ];
  if (options.json) print(json({ ...explanation, prefix: subjects.prefix, prefixFrom: source, notes }));
  else print(explanationText(explanation, coloursFor(process.stdout)));
  const { yellow } = coloursFor(process.stderr);
  if (!options.json && source.startsWith("GitHub, on")) complain(yellow(`The subject is as told by ${source}.`));
  for (const { path, text } of notes) complain(yellow(visible(`${stackFilePath(stack)}: ${path}: ${text}`)));
  return exitCodes[verdict];
}

const exitCodes = { accepted: 0, unknown: 1, refused: 2 } as const satisfies Record<Explanation["verdict"], ExitCode>;

function jobOf({ event = "push", ref, environment, workflow, fork, claim = [] }: ExplainOptions): Job {
  if (!/^[a-z_]+$/.test(event)) {
    throw new Failure(
      `--event: got ${JSON.stringify(event)}, expected an event as workflows name it, like push or pull_request`,
    );
  }
  if (ref !== undefined && !/^refs\/(heads|tags|pull)\/./.test(ref)) {
    throw new Failure(
      `--ref: got ${JSON.stringify(ref)}, expected a ref in full; write refs/heads/${ref} for the branch, refs/tags/${ref} for the tag`,
    );
  }
  if (workflow !== undefined && !/^[^/@]+\/[^/@]+\/\.github\/workflows\/[^/@]+@.+$/.test(workflow)) {
    throw new Failure(
      `--workflow: got ${JSON.stringify(workflow)}, expected OWNER/REPO/.github/workflows/FILE.yml@REF`,
    );
  }
  if (fork && !event.startsWith("pull_request"))
    throw new Failure("--fork is for pull requests: add --event pull_request");
  const claims = claim.map((pair) => {
    const [, name, value] = /^([a-z_]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new Failure(`--claim: got ${JSON.stringify(pair)}, expected NAME=VALUE`);
    }
    return [name, value] as const;
  });
  return { event, ref, environment, workflow, fromFork: fork, claims: Object.fromEntries(claims) };
}

async function explainError(given: string | undefined, error: string, options: ExplainOptions): Promise<ExitCode> {
  const text = error === "-" ? await readAll(process.stdin) : error;
  if (text.trim() === "") throw new Failure("--error: got nothing, expected the text of an error");
  const errors = diagnose(text);
  const subject = presentedSubject(text);
  const comparison = given === undefined ? undefined : await compare(given, subject, options.prefix);
  if (options.json)
    print(json({ errors: errors.map(plain), subject: subject ?? null, comparison: comparison ?? null }));
  else printError(errors, comparison);
  return errors.length > 0 || comparison !== undefined ? 0 : 2;
}

async function compare(
  given: string,
  subject: string | undefined,
  prefix: string | undefined,
): Promise<Comparison | undefined> {
  const project = findProject();
  const { stack, settings } = readStack(project, given);
  if (subject === undefined) return undefined;
  const { subjects } = await findRepository(project, settings, prefix);
  return compareSubject(stack, settings, subjects, subject);
}

function printError(errors: readonly KnownError[], comparison: Comparison | undefined): void {
  const colours = coloursFor(process.stdout);
  if (errors.length > 0) print(errorText(errors, colours));
  else complain("feedpass does not know this error; docs/errors.md has those that it knows");
  if (comparison === undefined) return;
  const { stack, subject, nearest, unmatched } = comparison;
  const [first] = nearest;
  const file = stackFilePath(stack);
  print(`\n${colours.bold("Subject")}  ${visible(subject)}`);
  if (unmatched.length > 0) print(unmatchedLines(unmatched, colours).join("\n"));
  else if (first === undefined) print(`${file} trusts nobody's token: its identities sign in with secrets`);
  else if (first.differences.length > 0) print(nearestLines(nearest, colours).join("\n"));
  else {
    const { identity, trusts } = first;
    print(
      `${file} trusts it: ${identity} trusts ${visible(trusts)}. So Entra does not know that yet, or AZURE_CLIENT_ID is of another identity.`,
    );
    print(
      `  ${colours.yellow(`apply the stack: npx pulumi up --stack ${stack}; or compare AZURE_CLIENT_ID with its output identities`)}`,
    );
  }
}

/** Without the expression that finds it. */
function plain({ id, title, meaning, causes, sources }: KnownError) {
  return { id, title, meaning, causes, sources };
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
