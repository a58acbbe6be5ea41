import type { Job } from "../jobs/job.ts";

/** What a subject says, taken apart. */
export interface SubjectParts {
  /** `contoso/widgets`; undefined where the subject does not say it in the usual way. */
  readonly repository: string | undefined;
  /** The ids beside the names: those of the owner and of the repository. */
  readonly ids: string | undefined;
  /** What comes after the repository: `ref:refs/heads/main`. */
  readonly context: string;
}

const usual = /^repo:([^:/@]+)(?:@(\d+))?\/([^:/@]+)(?:@(\d+))?:(.*)$/s;

/** Takes apart what GitHub makes by default. Of any other subject, all is context. */
export function partsOf(subject: string): SubjectParts {
  const [, owner, ownerId, name, id, context] = usual.exec(subject) ?? [];
  if (owner === undefined || context === undefined) return { repository: undefined, ids: undefined, context: subject };
  return { repository: `${owner}/${name}`, ids: ownerId === undefined ? undefined : `${ownerId} and ${id}`, context };
}

/** What a context is of. */
export interface ContextParts {
  readonly kind: "branch" | "tag" | "pullRequest" | "environment" | "other";
  /** The name, or all of it where it is of no known kind. */
  readonly value: string;
}

/** https://docs.github.com/actions/reference/security/oidc#example-subject-claims */
export function contextParts(context: string): ContextParts {
  if (context === "pull_request") return { kind: "pullRequest", value: "" };
  const [, ref, name] = /^ref:refs\/(heads|tags)\/(.+)$/s.exec(context) ?? [];
  if (name !== undefined) return { kind: ref === "heads" ? "branch" : "tag", value: unescaped(name) };
  const [, environment] = /^environment:([^:]+)$/s.exec(context) ?? [];
  if (environment !== undefined) return { kind: "environment", value: unescaped(environment) };
  return { kind: "other", value: context };
}

/** The job that a context is of, as far as it says; undefined for a context of no known kind. */
export function jobOf(context: string): Job | undefined {
  const { kind, value } = contextParts(context);
  if (kind === "other") return undefined;
  if (kind === "pullRequest") return { event: "pull_request" };
  if (kind === "environment") return { event: "push", environment: value };
  return { event: "push", ref: `refs/${kind === "branch" ? "heads" : "tags"}/${value}` };
}

/** `branch main`, `pull requests`. */
export function contextWords({ kind, value }: ContextParts): string {
  if (kind === "pullRequest") return "pull requests";
  return kind === "other" ? value : `${kind} ${value}`;
}

function unescaped(value: string): string {
  return value.replaceAll("%3A", ":");
}
