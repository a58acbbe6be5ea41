import { githubIssuer } from "../jobs/trust.ts";
import { alternatives } from "../words.ts";
import { mismatch, pathText, type Problem } from "./problem.ts";
import { issuerAddress } from "./sections/issuer.ts";
import { names } from "./shapes.ts";

/** What Pulumi.yaml alone says, for every stack. A stack's own file is refused where it says so too. */
export interface ProjectSettings {
  /** Whose tokens stacks may trust. Default: those of github.com's own issuer. */
  readonly issuers: readonly string[];
}

/** The key of Pulumi.yaml that lists the issuers. */
export const issuersKey = "feedpass:issuers";

export const usualIssuers: readonly string[] = [githubIssuer];

const issuersSection = names(issuerAddress, `a list of issuers, as in [${githubIssuer}]`);

/** @param raw the value of the list in Pulumi.yaml; undefined for none */
export function readIssuers(raw: unknown): {
  readonly issuers: readonly string[];
  readonly problems: readonly Problem[];
} {
  if (raw === undefined) return { issuers: usualIssuers, problems: [] };
  const { data = [], error } = issuersSection.safeParse(raw);
  const problems = (error?.issues ?? []).map(({ path, message }) => ({
    path: pathText(["issuers", ...path]),
    text: message,
  }));
  return { issuers: data, problems };
}

/**
 * What is wrong with the issuer of a stack.
 * @param issuer as its file says it; undefined for none, which is github.com's own
 * @param issuers as Pulumi.yaml lists them
 */
export function issuerProblems(issuer: string | undefined, issuers: readonly string[]): Problem[] {
  if (issuers.includes(issuer ?? githubIssuer)) return [];
  const fix = `who may sign tokens is for Pulumi.yaml to say: add ${issuer ?? githubIssuer} to ${issuersKey} there`;
  return [{ path: "issuer", text: mismatch(issuer, alternatives(issuers), fix) }];
}

/** What is said of a list of issuers that is not the one of Pulumi.yaml. */
export const issuersElsewhere: Problem = {
  path: "issuers",
  text: "got a list beside that of Pulumi.yaml, which alone says whose tokens are trusted; take it out, and let Pulumi.yaml change if need be",
};
