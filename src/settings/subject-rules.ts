import { strongestRole } from "../feed-roles.ts";
import { federate } from "../jobs/credentials.ts";
import type { RepositorySubjects } from "../jobs/repository-subjects.ts";
import { tellsApart } from "../jobs/subject.ts";
import { describeTrust, escapeColons, trustOf, type TrustEntry } from "../jobs/trust.ts";
import { pathText, type Problem } from "./problem.ts";
import { settledRoles } from "./meaning.ts";
import { acceptsPullRequests } from "./pull-request-rules.ts";
import type { Settings } from "./schema.ts";

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations: issuer, subject, audience and description. */
const subjectLimit = 600;

/** What is wrong with a file, and what is only worth knowing. */
export interface SubjectJudgement {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * What can be said only when GitHub has told how it makes the repository's subjects: entries that no job can match, that
 * more jobs match than they mean, or whose subject Entra does not take. Where more jobs could publish, pull requests
 * among them, the rule on pull requests refuses it.
 */
export function judgeSubjects(settings: Settings, subjects: RepositorySubjects): SubjectJudgement {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const [name, identity] of Object.entries(settings.identities)) {
    if (identity.signIn === "secret") continue;
    const seen = new Map<string, number>();
    for (const [index, entry] of identity.trust.entries()) {
      const path = pathText(["identities", name, "trust", index]);
      const trusts = federate(subjects, entry, federationOf(settings));
      if ("reason" in trusts) {
        problems.push({ path, text: trusts.reason });
        continue;
      }
      if (isAlsoAnother(subjects, entry)) warnings.push({ path, text: alsoAnother(trustOf(entry).value) });
      const onlyReads = strongestRole(settledRoles(identity, settings.feeds)) === "reader";
      if ((onlyReads || acceptsPullRequests(identity)) && !tellsApart(subjects.template, entry)) {
        warnings.push({ path, text: tooWide(subjects, entry) });
      }
      for (const { value } of trusts) {
        const first = seen.get(value);
        if (first === undefined) seen.set(value, index);
        else problems.push({ path, text: repeated(first, value) });
        if (value.length > subjectLimit) problems.push({ path, text: tooLong(value.length, entry) });
      }
    }
  }
  return { problems, warnings };
}

/** What the file says of credentials. */
export function federationOf({ subjects, issuer }: Pick<Settings, "subjects" | "issuer">) {
  return { bothForms: subjects === "both", issuer };
}

function tooWide({ template }: RepositorySubjects, entry: TrustEntry): string {
  return (
    `its subjects are made of ${template.join(", ")}, which does not tell ${describeTrust(entry)} from other jobs: ` +
    "jobs of other branches, of environments or of pull requests may sign in too; add context to the template"
  );
}

/** Whether a job of an environment with another name may have the same subject. */
function isAlsoAnother({ template }: RepositorySubjects, entry: TrustEntry): boolean {
  const { kind, value } = trustOf(entry);
  return kind === "environment" && value.includes(":") && tellsApart(template, entry);
}

/** https://docs.github.com/actions/reference/security/oidc#filtering-for-metadata-containing- */
function alsoAnother(environment: string): string {
  const other = escapeColons(environment);
  return (
    `GitHub writes a colon as %3A, and does not say what it makes of an environment "${other}": who may push could name ` +
    "that one in a job, GitHub would make it without protection, and its subject may be the same; name the environment without a colon"
  );
}

function repeated(first: number, value: string): string {
  return `its jobs have the subject ${value}, as those of trust[${first}]; Entra takes a subject once: remove one`;
}

function tooLong(length: number, entry: TrustEntry): string {
  const fix = `trust an environment ${trustOf(entry).kind === "environment" ? "with a shorter name" : "instead"}`;
  return `the subject has ${length} characters, expected at most ${subjectLimit}; ${fix}`;
}
