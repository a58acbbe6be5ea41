import { inAnyCase } from "../jobs/patterns/find.ts";
import { covers, type Pattern } from "../jobs/patterns/pattern.ts";
import { answers, conditionText, type Question, questionsOf, refsOfQuestion } from "./condition.ts";
import { anyRef, type Filters, filtersFor, letIn, withoutOtherCases } from "./filters.ts";
import type { Folder, RefStart } from "./starts.ts";

/** Something that starts a job, with what decides whether it may. */
export interface Wanted {
  /** The job. */
  readonly job: number;
  readonly start: RefStart;
  readonly publishes: boolean;
  /** The refs, in full, on which the job is trusted and started; undefined for all. */
  readonly allowed: readonly Pattern[] | undefined;
}

/** How a workflow's filters and conditions start its jobs. */
export interface Arrangement {
  readonly filters: Readonly<Record<"branches" | "tags" | "queues", Filters>>;
  /** What is asked of the ref for each that was wanted, in their order. */
  readonly conditions: readonly string[];
}

/**
 * Filters and conditions by which every job starts on refs that it may start on, and no two that publish start on one.
 * Where several that publish could, the one that comes first has it. Undefined where filters and conditions cannot say
 * that, or nobody knows whether they do.
 */
export function arrange(wanted: readonly Wanted[]): Arrangement | undefined {
  const plain = filtersOf(wanted);
  const asked = wanted.map((one, index) => {
    const short = questionsOf(one.start.refs, false);
    const isEnough =
      !startsBeyond(one, short, plain) &&
      !wanted.some(
        (other, place) => place !== index && meet(one, short, other, questionsOf(other.start.refs, false), plain),
      );
    return isEnough ? short : questionsOf(one.start.refs, true);
  });
  const filters = filtersWithoutTwins(wanted, asked, plain);
  if (filters === undefined) return undefined;
  const conditions: string[] = [];
  for (const [index, one] of wanted.entries()) {
    const own = asked[index] ?? [];
    if (filtersAt(filters, one.start).length === 0 || startsBeyond(one, own, filters)) return undefined;
    const before = wanted.slice(0, index).flatMap((other, place) => {
      const others = asked[place] ?? [];
      return meet(one, own, other, others, filters)
        ? [others.filter((other) => !own.some((q) => answers(q, other)))]
        : [];
    });
    // Whatever would be asked to tell it from another is true of both.
    if (before.some((questions) => questions.length === 0)) return undefined;
    conditions.push(conditionText(own, before));
  }
  return { filters, conditions };
}

type AllFilters = Arrangement["filters"];

function filtersOf(wanted: readonly Wanted[]): AllFilters {
  const of = (event: RefStart["event"], folder: Folder) =>
    filtersFor(wanted.map(({ start }) => start).filter((start) => start.event === event && start.folder === folder));
  return {
    branches: of("push", "refs/heads/"),
    tags: of("push", "refs/tags/"),
    queues: of("merge_group", "refs/heads/"),
  };
}

function keyOf({ event, folder }: RefStart): keyof AllFilters {
  if (event === "merge_group") return "queues";
  return folder === "refs/tags/" ? "tags" : "branches";
}

function filtersAt(filters: AllFilters, start: RefStart): Filters {
  return start.event === "workflow_dispatch" ? anyRef : filters[keyOf(start)];
}

/** Whether the questions let the job start on a ref on which it may not. */
function startsBeyond({ start, allowed }: Wanted, questions: readonly Question[], filters: AllFilters): boolean {
  const { event, folder } = start;
  if (allowed === undefined || folder === undefined) return false;
  // Nothing but GitHub's own refusal tells cases apart in a run by hand: there the branch is somebody's choice.
  const may = event === "workflow_dispatch" ? allowed.map(inAnyCase) : allowed;
  return letIn(filtersAt(filters, start), folder, questions.map(refsOfQuestion), may);
}

/** Whether two jobs that publish start on one ref. */
function meet(
  one: Wanted,
  questions: readonly Question[],
  other: Wanted,
  others: readonly Question[],
  filters: AllFilters,
): boolean {
  const { start } = one;
  if (!one.publishes || !other.publishes || one.job === other.job) return false;
  if (start.event !== other.start.event || start.folder !== other.start.folder) return false;
  if (start.folder === undefined) return true;
  return letIn(filtersAt(filters, start), start.folder, [...questions, ...others].map(refsOfQuestion), []);
}

/** The filters without what would start a job by differing in case alone; undefined where another job wants just that. */
function filtersWithoutTwins(
  wanted: readonly Wanted[],
  asked: readonly (readonly Question[])[],
  plain: AllFilters,
): AllFilters | undefined {
  let filters: AllFilters | undefined = plain;
  for (const [index, one] of wanted.entries()) {
    if (!startsBeyond(one, asked[index] ?? [], filters)) continue;
    const { start } = one;
    const key = keyOf(start);
    const changed = withoutOtherCases(filters[key], start);
    const twins = inAnyCase(start.names);
    const isLost = wanted.some(
      (other) =>
        other.start.event === "push" &&
        other.start.folder === start.folder &&
        covers([twins], other.start.names) &&
        !covers([start.names], other.start.names),
    );
    if (changed === undefined || isLost) return undefined;
    filters = { ...filters, [key]: changed };
  }
  return filters;
}
