import { describeTrust, refOf, trustOf, type Trust, type TrustEntry } from "../jobs/trust.ts";
import { type Identity, planSettings } from "../variables.ts";

/** From where a job may use an identity. */
export interface Source {
  /** `anyJob` is whatever job of the repository is given its secrets, on every branch. */
  readonly kind: Trust["kind"] | "anyJob";
  /** The branch, tag or environment; empty where there is nothing to name. */
  readonly value: string;
  /** Of an environment: the reusable workflow that its job must be of; undefined for any. */
  readonly workflow?: string;
  /** For people: `branch main`, `pull requests`. */
  readonly words: string;
}

/**
 * With GitHub's token a job must be what the trust list names. A client secret asks for nothing: whoever can read it may
 * use it, so what counts is where it is written.
 */
export function sourcesOf(identity: Identity): Source[] {
  const byToken = identity.signIn === "secret" ? [] : identity.trust.map(trusted);
  const bySecret = planSettings({ identity }, false)
    .filter(({ kind }) => kind === "secret")
    .map(({ environment }) => (environment === undefined ? anyJob : trusted({ environment })));
  return [...new Map([...byToken, ...bySecret].map((source) => [sourceKey(source), source])).values()];
}

/** The same for sources that are the same. */
export function sourceKey({ kind, value, workflow }: Source): string {
  return workflow === undefined ? `${kind}:${value}` : `${kind}:${value} ${workflow}`;
}

/**
 * Whether every job of the narrow source is one of the wide one, both of one repository: a client secret of the
 * repository serves any job, an environment takes in its jobs of whatever workflow, and a pattern takes in names and
 * narrower patterns.
 */
export function covers(wide: Source, narrow: Source): boolean {
  if (wide.kind === "anyJob" || sourceKey(wide) === sourceKey(narrow)) return true;
  if (wide.kind === "environment") {
    if (narrow.kind !== "environment" || wide.value !== narrow.value || narrow.workflow === undefined) return false;
    return wide.workflow === undefined || takesIn(wide.workflow, narrow.workflow);
  }
  const [pattern, name] = [comparable(wide), comparable(narrow)];
  return pattern !== undefined && name !== undefined && takesIn(pattern, name);
}

function takesIn(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return false;
  const expression = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    // A narrow pattern's own * stands for more than one character.
    .replaceAll("?", "[^*]");
  return new RegExp(`^${expression}$`, "su").test(name);
}

/** What patterns are compared with: a ref in full, or a workflow with its ref. Nothing else can be a pattern. */
function comparable({ kind, value }: Source): string | undefined {
  if (kind === "workflow") return value;
  return kind === "branch" || kind === "tag" || kind === "mergeQueue" ? refOf({ kind, value }) : undefined;
}

/** The source of a client secret that is written at the repository. */
export const anyJob: Source = { kind: "anyJob", value: "", words: "any job with the repository's secrets" };

function trusted(entry: TrustEntry): Source {
  return { ...trustOf(entry), words: describeTrust(entry) };
}
