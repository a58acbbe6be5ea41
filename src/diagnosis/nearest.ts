import { stackFilePath } from "../settings/config.ts";
import type { Settings } from "../settings/schema.ts";
import { describeTrust, trustOf, type TrustEntry } from "../trust.ts";
import { contextParts, contextWords, type ContextParts, partsOf } from "./subject-words.ts";
import type { TrustedSubject } from "./trusted.ts";

/** Why a trust entry does not accept a job, and what to change so that it does. */
export interface NearMiss {
  readonly identity: string;
  /** For people: `branch main`. */
  readonly trusts: string;
  /** What the credential compares with: a subject, or an expression. */
  readonly value: string;
  readonly differences: readonly string[];
  readonly fix: string;
}

/** The nearest first, three at most. */
export function nearestTo(
  subject: string,
  trusted: readonly TrustedSubject[],
  settings: Settings,
  stack: string,
): NearMiss[] {
  return trusted
    .map((one, index) => ({ one, index, ...compare(subject, one) }))
    .sort((left, right) => left.distance - right.distance || left.index - right.index)
    .slice(0, 3)
    .map(({ one, differences, cause }) => ({
      identity: one.identity,
      trusts: describeTrust(one.entry),
      value: one.value,
      differences,
      fix: fixFor(cause, subject, one, settings, stackFilePath(stack)),
    }));
}

/** What decides on the fix: the first of these that differs. */
type Cause = "same" | "case" | "form" | "recreated" | "repository" | "name" | "kind";

interface Comparison {
  readonly cause: Cause;
  /** 0 for the same; the more, the farther. */
  readonly distance: number;
  readonly differences: readonly string[];
}

/** A subject beside what an entry trusts. Patterns are compared by what they are of. */
function compare(subject: string, { subject: wanted, entry, accepts }: TrustedSubject): Comparison {
  if (accepts({ sub: subject })) return { cause: "same", distance: 0, differences: [] };
  const [got, expected] = [partsOf(subject), partsOf(wanted)];
  const context = contextParts(got.context);
  const [has, wants] = [contextWords(context), describeTrust(entry)];
  if (subject.toLowerCase() === wanted.toLowerCase()) {
    return {
      cause: "case",
      distance: 1,
      differences: [`upper and lower case: the job says ${subject}, trusted is ${wanted}`],
    };
  }
  const differences: string[] = [];
  let cause: Cause | undefined;
  let distance = 0;
  const differs = (what: Cause, by: number, words: string) => {
    cause ??= what;
    distance += by;
    differences.push(words);
  };
  if (got.repository?.toLowerCase() !== expected.repository?.toLowerCase()) {
    const [ours, theirs] = [expected.repository ?? wanted, got.repository ?? subject];
    differs("repository", 100, `the job is of ${theirs}, trusted is ${ours}`);
  } else if ((got.ids === undefined) !== (expected.ids === undefined)) {
    const [with_, without] = ["the ids of owner and repository", "names alone"];
    const words = got.ids === undefined ? [without, with_] : [with_, without];
    differs("form", 2, `the job's subject has ${words[0]}, trusted are ${words[1]}`);
  } else if (got.ids !== expected.ids) {
    differs("recreated", 3, `the job's ids are ${got.ids}, trusted are ${expected.ids}`);
  }
  const { kind } = trustOf(entry);
  if (!accepts({ sub: `${wanted.slice(0, wanted.length - expected.context.length)}${got.context}` })) {
    if (kind === context.kind) differs("name", 5, `the job is of ${has}, trusted is ${wants}`);
    else differs("kind", nearKinds(kind, context) ? 10 : 20, `the job is of ${has}, trusted is ${wants}`);
  }
  return { cause: cause ?? "case", distance, differences };
}

/** Branches, tags and merge queues are refs; the rest is something else. */
function nearKinds(kind: ReturnType<typeof trustOf>["kind"], { kind: other }: ContextParts): boolean {
  const refs: readonly string[] = ["branch", "tag", "mergeQueue", "workflow"];
  return refs.includes(kind) && refs.includes(other);
}

function fixFor(
  cause: Cause,
  subject: string,
  { identity, entry, role }: TrustedSubject,
  settings: Settings,
  file: string,
): string {
  const context = contextParts(partsOf(subject).context);
  switch (cause) {
    case "same":
      return "apply the stack: the file trusts this already";
    case "case":
      return `write it in ${file} as GitHub does; Entra compares letter by letter`;
    case "form":
      return settings.subjectPrefix === undefined
        ? `apply the stack again, or set feedpass:subjects: both in ${file} while the repository moves`
        : `remove feedpass:subjectPrefix from ${file} so that GitHub is asked, or set feedpass:subjects: both, and apply the stack`;
    case "recreated":
      return `the repository was deleted and made again, or handed over: check that, then apply the stack${settings.subjectPrefix === undefined ? "" : " with another feedpass:subjectPrefix"}`;
    case "repository":
      return `use the AZURE_CLIENT_ID of the job's own repository; ${file} is for ${settings.repository}`;
    case "name":
    case "kind":
      return trustFix(context, identity, entry, role, file);
  }
}

function trustFix(context: ContextParts, identity: string, entry: TrustEntry, role: string, file: string): string {
  const instead = insteadOf(entry);
  const written = entryText(context);
  if (written === undefined) return `run the job ${instead}`;
  if (context.kind === "pullRequest" && role !== "reader") {
    return `give pull requests an identity of their own with the role reader in ${file}, or run the job ${instead}`;
  }
  return `add "- ${written}" to identities.${identity}.trust in ${file} and apply it, or run the job ${instead}`;
}

/** Where the job would be accepted by the entry. */
function insteadOf(entry: TrustEntry): string {
  const { kind, value } = trustOf(entry);
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
