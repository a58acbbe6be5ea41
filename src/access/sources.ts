import { describeTrust, trustOf, type Trust, type TrustEntry } from "../trust.ts";
import { type Identity, planSettings } from "../variables.ts";

/** From where a job may use an identity. */
export interface Source {
  /** `anyJob` is whatever job of the repository is given its secrets, on every branch. */
  readonly kind: Trust["kind"] | "anyJob";
  /** The branch, tag or environment; empty where there is nothing to name. */
  readonly value: string;
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
export function sourceKey({ kind, value }: Source): string {
  return `${kind}:${value}`;
}

/** The source that covers every other of its repository. */
export const anyJob: Source = { kind: "anyJob", value: "", words: "any job with the repository's secrets" };

function trusted(entry: TrustEntry): Source {
  return { ...trustOf(entry), words: describeTrust(entry) };
}
