import { type ClaimCondition, conditionsOf, wantedBy } from "../../src/jobs/claims-expression.ts";
import { matches } from "../../src/jobs/patterns/pattern.ts";
import { escapeColons } from "../../src/jobs/trust.ts";
import { isOf, type Resource, textOf } from "./resource.ts";

/**
 * What a subject says of the run whose token it lets in. The pack knows neither the repository nor how GitHub makes its
 * subjects: it goes by what stands in the text, key by key. A template with `ref` and without `context` makes the subject
 * of a branch as the default does, and is taken for it.
 * https://docs.github.com/actions/reference/security/oidc#example-subject-claims
 */
export interface Said {
  /** `ref` is a branch or tag, and no pull request; `nothing` is any run. */
  readonly run: "ref" | "pullRequest" | "environment" | "nothing";
  /** Whether the run may be in an environment of this name. */
  inEnvironment(name: string): boolean;
  /** Whether the run may be of a repository of this name, without its owner. */
  ofRepository(name: string): boolean;
}

/** The issuers of workflow jobs: github.com's, those of enterprises, of ghe.com and of GitHub Enterprise Server. */
const issuers = /^https:\/\/token\.actions\.|\/_services\/token$/;

/**
 * What a federated credential wants of a token's subject, all of which must hold; nothing where it asks for none.
 * @returns undefined for what is no credential, is for jobs of others than GitHub, or is not known yet
 */
export function saidBy(credential: Resource): Said[] | undefined {
  const issuer = textOf(credential, "issuer");
  if (issuer !== undefined && !issuers.test(issuer)) return undefined;
  if (isOf(credential, "credential")) {
    const subject = textOf(credential, "subject");
    return subject === undefined ? undefined : [saidIn({ claim: "sub", operator: "eq", value: subject })];
  }
  const expression = textOf(credential, "claimsMatchingExpression");
  if (!isOf(credential, "flexibleCredential") || expression === undefined) return undefined;
  // What cannot be read may let anything in.
  return (conditionsOf(expression) ?? []).filter(({ claim }) => claim === "sub").map(saidIn);
}

function saidIn(condition: ClaimCondition): Said {
  const entries = entriesOf(condition);
  const valuesOf = (...keys: readonly string[]) =>
    entries.flatMap(({ key, value }) => (keys.includes(key) ? [value] : []));
  const names = valuesOf("environment");
  // What an environment is called at GitHub counts whatever the case, and so does a repository.
  const takes = (value: string, name: string) =>
    matches(wantedBy({ ...condition, value: value.toLowerCase() }), name.toLowerCase());
  return {
    run: runOf(entries, names),
    inEnvironment: (name) => names.every((value) => takes(value, escapeColons(name))),
    ofRepository: (name) =>
      valuesOf("repo", "repository").every((value) => !value.includes("/") || takes(nameIn(value), name)),
  };
}

function runOf(entries: readonly Entry[], environments: readonly string[]): Said["run"] {
  if (entries.some(({ key, value }) => key === "ref" && /^refs\/(?!pull\/)/.test(value))) return "ref";
  if (entries.some(({ key }) => isPullRequest(key))) return "pullRequest";
  return environments.length > 0 ? "environment" : "nothing";
}

/** `contoso@1/widgets@2` is `widgets`. */
function nameIn(repository: string): string {
  return repository.slice(repository.lastIndexOf("/") + 1).replace(/@.*$/, "");
}

/** One part of a subject: a claim and its value, or the context of a pull request, which has none. */
interface Entry {
  readonly key: string;
  readonly value: string;
}

function isPullRequest(key: string): boolean {
  return key === "pull_request" || key === "pull_request_target";
}

/** The parts of a subject, up to where a wildcard may stand for a claim's name. */
function entriesOf({ operator, value: subject }: ClaimCondition): Entry[] {
  const segments = subject.split(":");
  const entries: Entry[] = [];
  for (let at = 0; at < segments.length; ) {
    const [key = "", value = ""] = segments.slice(at, at + 2);
    if (operator === "matches" && /[*?]/.test(key)) break;
    entries.push(isPullRequest(key) ? { key, value: "" } : { key, value });
    at += isPullRequest(key) ? 1 : 2;
  }
  return entries;
}
