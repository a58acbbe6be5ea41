import { githubIssuer } from "../jobs/trust.ts";
import type { SignIn } from "../jobs/reach.ts";
import type { Settings } from "../settings/schema.ts";

/** Who signs the tokens of a repository's jobs, how they are known, and where their identities are. */
export interface Signer {
  readonly issuer: string;
  /** The tenant of the identities, in lower case; undefined where nobody has said one for all stacks. */
  readonly tenantId: string | undefined;
  readonly subjects: "current" | "both";
  /** What is pinned in place of what GitHub is asked for. */
  readonly subjectPrefix?: string | undefined;
  readonly subjectTemplate?: readonly string[] | undefined;
  readonly repositoryId?: string | undefined;
}

/** Whom a file trusts that says nothing of it. @param tenantId as Pulumi.yaml says it for all stacks */
export function usualSigner(tenantId: string | undefined): Signer {
  return { issuer: githubIssuer, tenantId: tenantId?.toLowerCase(), subjects: "current" };
}

export function signerOf(settings: Settings): Signer {
  const { issuer, tenantId, subjects, subjectPrefix, subjectTemplate, repositoryId } = settings;
  return {
    issuer: issuer ?? githubIssuer,
    tenantId: tenantId.toLowerCase(),
    subjects: subjects ?? "current",
    ...(subjectPrefix === undefined ? {} : { subjectPrefix }),
    ...(subjectTemplate === undefined ? {} : { subjectTemplate }),
    ...(repositoryId === undefined ? {} : { repositoryId }),
  };
}

/**
 * What is not as usual of an identity's sign-in, in words; empty for nothing. A client secret is for one tenant, and asks
 * for no token.
 * @param usual its tenant is undefined where no tenant is the usual one: then none is unusual
 */
export function signerWords(signer: Signer, usual: Signer, signIn: SignIn): string[] {
  const { issuer, tenantId, subjects, subjectPrefix, subjectTemplate, repositoryId } = signer;
  const ofToken = [
    ...(issuer === usual.issuer ? [] : [`signed by ${issuer}`]),
    ...(subjects === usual.subjects ? [] : ["subjects with names and with ids"]),
    ...(subjectPrefix === undefined ? [] : [`subjects pinned to ${subjectPrefix}`]),
    ...(subjectTemplate === undefined ? [] : [`subjects pinned to be made of ${subjectTemplate.join(", ")}`]),
    ...(repositoryId === undefined ? [] : [`repository pinned to the id ${repositoryId}`]),
  ];
  const isElsewhere = usual.tenantId !== undefined && tenantId !== usual.tenantId;
  return [...(signIn === "secret" ? [] : ofToken), ...(isElsewhere ? [`in the tenant ${tenantId}`] : [])];
}

/** A change of what a token must say beside its branch, tag or environment. */
export interface SignerChange {
  readonly kind: "subject" | "tenant";
  readonly text: string;
  /** Whether tokens may be trusted that were not. What is pinned is trusted whatever GitHub says. */
  readonly wider: boolean;
}

/** What changed in how the tokens of a repository's jobs are known, and where that counts. */
export function signerChanges(before: Signer, after: Signer): SignerChange[] {
  const subject = (text: string, wider: boolean): SignerChange => ({ kind: "subject", text, wider });
  const pin = (what: string, had: string | undefined, has: string | undefined) => {
    if (had === has) return [];
    return has === undefined
      ? [subject(`${what} is asked from GitHub again`, false)]
      : [subject(`${what} is pinned: ${has}`, true)];
  };
  return [
    ...(after.issuer === before.issuer
      ? []
      : [subject(`tokens of its jobs are taken from ${after.issuer} instead of ${before.issuer}`, true)]),
    ...pin("how the subjects of its jobs begin", before.subjectPrefix, after.subjectPrefix),
    ...pin(
      "what the subjects of its jobs are made of",
      before.subjectTemplate?.join(", "),
      after.subjectTemplate?.join(", "),
    ),
    ...pin("its id", before.repositoryId, after.repositoryId),
    ...(after.subjects === before.subjects
      ? []
      : [
          after.subjects === "both"
            ? subject("its subjects are trusted with names and with ids", true)
            : subject("its subjects are trusted only as GitHub makes them today", false),
        ]),
    ...(after.tenantId === before.tenantId ? [] : [tenantChange(before.tenantId, after.tenantId)]),
  ];
}

function tenantChange(had: string | undefined, has: string | undefined): SignerChange {
  const instead = had === undefined ? "which Pulumi.yaml does not name" : `instead of ${had}`;
  return {
    kind: "tenant",
    text: `its identities are in the tenant ${has}${had === undefined ? "," : ""} ${instead}`,
    wider: true,
  };
}
