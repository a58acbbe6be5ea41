import { stackFilePath } from "../settings/config.ts";
import type { Settings } from "../settings/schema.ts";
import { describeTrust, type TrustEntry, trustOf } from "../jobs/trust.ts";
import type { ClaimCondition } from "../jobs/claims-expression.ts";
import { contextParts, contextWords, type ContextParts, partsOf, type SubjectParts } from "./subject-words.ts";
import type { TrustedSubject } from "./trusted.ts";

/** Why a trust entry does not accept a job, and what to change so that it does. */
export interface NearMiss {
  readonly identity: string;
  /** For people: `branch main`. */
  readonly trusts: string;
  /** What the credential compares with: a subject, or an expression. */
  readonly value: string;
  /** Nothing where the credential accepts the subject. */
  readonly differences: readonly Difference[];
}

/** One thing in which a subject differs from what is trusted. */
export interface Difference {
  readonly words: string;
  readonly fix: string;
}

/**
 * The nearest entry of each identity, the nearest first, three at most.
 * @param claims the other claims of the token; undefined where only its subject is known
 */
export function nearestTo(
  subject: string,
  claims: Readonly<Record<string, string>> | undefined,
  trusted: readonly TrustedSubject[],
  settings: Settings,
  stack: string,
): NearMiss[] {
  const file = stackFilePath(stack);
  const ordered = trusted
    .map((one) => ({ one, differences: compare(subject, claims, one, settings, file) }))
    .map(({ one, differences }) => ({ one, differences, distance: differences.reduce((sum, { by }) => sum + by, 0) }))
    .sort((left, right) => left.distance - right.distance);
  const identities = ordered.map(({ one }) => one.identity);
  return ordered
    .filter(({ one }, index) => identities.indexOf(one.identity) === index)
    .slice(0, 3)
    .map(({ one: { identity, entry, value }, differences }) => ({
      identity,
      trusts: describeTrust(entry),
      value,
      differences: differences.map(({ words, fix }) => ({ words, fix })),
    }));
}

/** A token beside what an entry trusts. Patterns are compared by what they are of. */
function compare(
  subject: string,
  claims: Readonly<Record<string, string>> | undefined,
  trusted: TrustedSubject,
  settings: Settings,
  file: string,
): Measured[] {
  const { subject: wanted, acceptsSubject } = trusted;
  const others =
    claims === undefined
      ? []
      : trusted.unmet(claims).map((condition) => claimDifference(condition, claims, settings, file));
  if (acceptsSubject(subject)) return others;
  const [got, expected] = [partsOf(subject), partsOf(wanted)];
  const before = wanted.slice(0, wanted.length - expected.context.length);
  return [
    repositoryDifference(got, expected, settings, file),
    idsDifference(got, expected, settings, file),
    acceptsSubject(before + got.context) ? undefined : contextDifference(got.context, expected.context, trusted, file),
    ...others,
  ].filter((difference) => difference !== undefined);
}

/** A difference, and how far it takes the two apart. */
type Measured = Difference & { readonly by: number };

function repositoryDifference(
  got: SubjectParts,
  expected: SubjectParts,
  settings: Settings,
  file: string,
): Measured | undefined {
  if (got.repository === expected.repository) return undefined;
  const words = `the job is of ${got.repository ?? "no repository"}, trusted is ${expected.repository ?? "no repository"}`;
  if (got.repository?.toLowerCase() === expected.repository?.toLowerCase()) {
    return {
      by: 1,
      words: `${words}: upper and lower case count`,
      fix: `write feedpass:repository in ${file} as GitHub does`,
    };
  }
  return {
    by: 100,
    words,
    fix: `use the AZURE_CLIENT_ID of the job's own repository; ${file} is for ${settings.repository}`,
  };
}

function idsDifference(
  got: SubjectParts,
  expected: SubjectParts,
  { subjectPrefix }: Settings,
  file: string,
): Measured | undefined {
  if (got.ids === expected.ids || got.repository === undefined || expected.repository === undefined) return undefined;
  if (got.ids !== undefined && expected.ids !== undefined) {
    return {
      by: 3,
      words: `the job's ids are ${got.ids}, trusted are ${expected.ids}`,
      fix: `the repository was deleted and made again, or handed over: find out why, then ${subjectPrefix === undefined ? "apply the stack" : `correct feedpass:subjectPrefix in ${file}`}`,
    };
  }
  const [ids, names] = ["the ids of owner and repository", "names alone"];
  const [has, wants] = got.ids === undefined ? [names, ids] : [ids, names];
  return {
    by: 2,
    words: `the job's subject has ${has}, trusted are ${wants}`,
    fix:
      subjectPrefix === undefined
        ? `apply the stack again, or set feedpass:subjects: both in ${file} while the repository moves`
        : `remove feedpass:subjectPrefix from ${file} so that GitHub is asked, or set feedpass:subjects: both, and apply the stack`,
  };
}

function contextDifference(
  got: string,
  expected: string,
  { identity, entry, role }: TrustedSubject,
  file: string,
): Measured {
  const context = contextParts(got);
  const words = `the job is of ${contextWords(context)}, trusted is ${describeTrust(entry)}`;
  if (got.toLowerCase() === expected.toLowerCase()) {
    return {
      by: 1,
      words: `${words}: upper and lower case count`,
      fix: `write identities.${identity}.trust in ${file} as GitHub does, and apply the stack`,
    };
  }
  const { kind } = trustOf(entry);
  const by = kind === context.kind ? 5 : nearKinds(kind, context) ? 10 : 20;
  const instead = insteadOf(entry);
  const written = entryText(context);
  if (written === undefined) return { by, words, fix: `run the job ${instead}` };
  if (context.kind === "pullRequest" && role !== "reader") {
    return { by, words, fix: `give pull requests an identity of their own with the role reader in ${file}` };
  }
  // Whoever publishes from an environment should not publish from a branch too, just because a job was on it.
  if (role === "contributor" && by > 5) return { by, words, fix: `run the job ${instead}` };
  return {
    by,
    words,
    fix: `add "- ${written}" to identities.${identity}.trust in ${file} and apply it, or run the job ${instead}`,
  };
}

/** What an expression asks of a claim beside the subject. */
function claimDifference(
  { claim, value }: ClaimCondition,
  claims: Readonly<Record<string, string>>,
  { repositoryId }: Settings,
  file: string,
): Measured {
  const got = claims[claim];
  if (claim === "job_workflow_ref") {
    const words = `the job is of ${got === undefined ? "no reusable workflow that was named" : `the workflow ${got}`}, trusted is ${value}`;
    return { by: 8, words, fix: `call that workflow from the job, and name it here with --workflow` };
  }
  const words = `the job's ${claim} is ${got ?? "not known"}, trusted is ${value}`;
  const fix = repositoryId === undefined ? "apply" : "correct feedpass:repositoryId, and apply";
  return { by: 3, words, fix: `${fix} the stack of ${file} again` };
}

/** Branches, tags and merge queues are refs; the rest is something else. */
function nearKinds(kind: ReturnType<typeof trustOf>["kind"], { kind: other }: ContextParts): boolean {
  const refs: readonly string[] = ["branch", "tag", "mergeQueue", "workflow"];
  return refs.includes(kind) && refs.includes(other);
}

/** Where the job would be accepted by the entry. */
function insteadOf(entry: TrustEntry): string {
  const { kind, value, workflow } = trustOf(entry);
  if (workflow !== undefined) return `with "environment: ${value}" by the reusable workflow ${workflow}`;
  if (kind === "environment") return `with "environment: ${value}"`;
  if (kind === "pullRequest") return "for a pull request";
  return kind === "workflow" ? `by the reusable workflow ${value}` : `on ${describeTrust(entry)}`;
}

/** The trust entry that a context needs, as a stack file has it; undefined for one that no entry means. */
function entryText({ kind, value }: ContextParts): string | undefined {
  if (kind === "other") return undefined;
  if (kind === "pullRequest") return "pullRequest: true";
  return /^[A-Za-z_][\w./-]*$/.test(value) ? `${kind}: ${value}` : `${kind}: ${JSON.stringify(value)}`;
}
