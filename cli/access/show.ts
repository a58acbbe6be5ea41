import { basename } from "node:path";
import { presentDay } from "../../infra/today.ts";
import { isWidening } from "../../src/access/change.ts";
import { accessChanges } from "../../src/access/changes.ts";
import { grantsOf } from "../../src/access/grants.ts";
import {
  type Block,
  document,
  item,
  lines,
  markdown,
  paragraph,
  text as markdownText,
} from "../../src/report/markdown.ts";
import { endsOf } from "../../src/report/secret-ends.ts";
import { stackFilePath, stackOf } from "../../src/settings/config.ts";
import { renderProblems } from "../../src/settings/problem.ts";
import { endWarning } from "../../src/settings/secret-end.ts";
import { type ExitCode, Failure } from "../failure.ts";
import { coloursFor, complain, print, visible } from "../output.ts";
import { findProject, type Project } from "../project.ts";
import { changeLines, changesMarkdown, grantsInOrder, grantsMarkdown, grantTables } from "./render.ts";
import { type FileProblems, type State, stateOnDisk, statesSince } from "./states.ts";

/** What the command line said. */
export interface AccessOptions {
  readonly feed?: string;
  readonly diff?: string;
  readonly head?: string;
  readonly exitCode?: true;
  readonly failOn?: "widening";
  readonly markdown?: true;
  readonly json?: true;
}

/** Runs `feedpass access`. */
export async function showAccess(given: readonly string[], options: AccessOptions): Promise<ExitCode> {
  const filter = filterOf(given, options);
  const project = findProject();
  const today = presentDay();
  return options.diff === undefined
    ? showGrants(project, today, filter, options)
    : showChanges(project, options.diff, today, filter, options);
}

/** What of it is wanted. */
interface Filter {
  /** By name; none for all. */
  readonly stacks: readonly string[];
  readonly hasStack: (stack: string) => boolean;
  readonly hasFeed: (feed: string) => boolean;
}

function filterOf(given: readonly string[], { feed: wanted }: AccessOptions): Filter {
  if (wanted !== undefined && !/^[^/]+(\/[^/]+){1,2}$/.test(wanted)) {
    throw new Failure(`--feed: got ${JSON.stringify(wanted)}, expected ORGANIZATION/PROJECT/FEED or ORGANIZATION/FEED`);
  }
  // A file's path names its stack too, so that a shell may complete it.
  const stacks = given.map((name) => stackOf(basename(name)) ?? name);
  return {
    stacks,
    hasStack: (stack) => stacks.length === 0 || stacks.includes(stack),
    hasFeed: (feed) => wanted === undefined || feed.toLowerCase() === wanted.toLowerCase(),
  };
}

function refuseUnknown({ stacks }: Filter, known: ReadonlySet<string>): void {
  const unknown = stacks.filter((stack) => !known.has(stack));
  if (unknown.length === 0) return;
  const files = unknown.map(stackFilePath).join(", ");
  throw new Failure(`no stack of that name: expected ${files}; without a name all stacks are shown`);
}

async function showGrants(project: Project, today: string, filter: Filter, options: AccessOptions): Promise<ExitCode> {
  const state = stateOnDisk(project, today);
  refuseUnknown(filter, new Set(state.stacks.keys()));
  const tenantId = state.project.config["feedpass:tenantId"];
  const grants = [...state.stacks]
    .flatMap(([stack, settings]) =>
      settings && filter.hasStack(stack) ? grantsOf(stack, settings, tenantId, today) : [],
    )
    .filter(({ feed }) => filter.hasFeed(feed));
  const beside = besideOf(state, today, filter);
  if (options.json) print(json({ grants: grantsInOrder(grants), ...beside }));
  else if (options.markdown) print(document([grantsMarkdown(grants), ...besideMarkdown(beside)]));
  else {
    const { default: Table } = await import("cli-table3");
    print(grantTables(grants, Table, coloursFor(process.stdout), process.stdout.columns));
  }
  return tell(beside);
}

async function showChanges(
  project: Project,
  since: string,
  today: string,
  filter: Filter,
  options: AccessOptions,
): Promise<ExitCode> {
  const { before, after, known } = await statesSince(project, since, today, options.head);
  refuseUnknown(filter, known);
  // What Pulumi.yaml says is for every stack and feed.
  const changes = accessChanges(before, after).filter(
    ({ stack, feeds }) => stack === "" || (filter.hasStack(stack) && feeds.some(filter.hasFeed)),
  );
  const widening = changes.filter(isWidening);
  const beside = besideOf(after, today, filter);
  if (options.json) {
    print(json({ since, changes: changes.map((change) => ({ ...change, widening: isWidening(change) })), ...beside }));
  } else if (options.markdown) print(document([changesMarkdown(changes, since), ...besideMarkdown(beside)]));
  else print(changeLines(changes, since, coloursFor(process.stdout)));
  const exitCode = tell(beside);
  if (exitCode !== 0) return exitCode;
  if (options.failOn === "widening" && widening.length > 0) return 3;
  return options.exitCode && changes.length > 0 ? 2 : 0;
}

/** What goes beside the result. */
interface Beside {
  readonly broken: readonly FileProblems[];
  /** What else is to be known: what the files alone do not tell, and the client secrets that end soon or have ended. */
  readonly notes: readonly string[];
}

function besideOf({ broken, files, stacks }: State, today: string, { hasStack }: Filter): Beside {
  const elsewhere = [...files]
    .filter(([stack, { environments }]) => hasStack(stack) && environments.length > 0)
    .map(
      ([stack, { environments }]) =>
        `${stackFilePath(stack)}: settings may also come from Pulumi ESC (${environments.join(", ")}), which no file shows`,
    );
  const ends = endsOf(stacks, [...stacks.keys()].filter(hasStack), today).flatMap(({ stack, ends }) =>
    ends.map(endWarning).map(({ path, text }) => `${stackFilePath(stack)}: ${path}: ${text}`),
  );
  return { broken: broken.filter(({ stack }) => hasStack(stack)), notes: [...elsewhere, ...ends] };
}

/** Tells a person of it, and whether the command failed. */
function tell({ broken, notes }: Beside): ExitCode {
  const { red, yellow } = coloursFor(process.stderr);
  for (const note of notes) complain(yellow(visible(note)));
  for (const { file, problems } of broken) complain(red(visible(renderProblems(file, problems))));
  return broken.length === 0 ? 0 : 1;
}

function besideMarkdown({ broken, notes }: Beside): Block[] {
  const problems = broken.flatMap(({ file, problems }) => [
    paragraph(markdown`❌ **${markdownText(file)}** has problems, so its access is not shown:`),
    lines(problems.map(({ path, text }) => item(markdown`${markdownText(path)}: ${markdownText(text)}`))),
  ]);
  return [...problems, ...notes.map((note) => paragraph(markdownText(note)))];
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
