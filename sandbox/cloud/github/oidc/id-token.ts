import { randomUUID } from "node:crypto";
import { importJWK, SignJWT } from "jose";
import type { CloudContext } from "../../service.ts";
import { enterpriseOf, ownerOf } from "../accounts.ts";
import { type GitHubData, gitHubData } from "../data.ts";
import { isProtected } from "../protection.ts";
import { siteAt } from "../site.ts";
import { jobClaims } from "./claims.ts";
import { issuerOf } from "./issuer.ts";
import type { Job } from "./job.ts";
import { signingKeyOf } from "./signing-keys.ts";
import { buildSubject, claimKeysOf, subjectContext, subjectForm, subjectPrefix } from "./subject.ts";

const lifetimeSeconds = 5 * 60;

/**
 * An ID token of the job, signed with RS256, valid for five minutes.
 * @param audience default: the page of the owner, `https://github.com/OWNER`
 * @throws MissingClaimError where the repository's subject template asks for what the job does not have
 */
export async function mintIdToken(context: CloudContext, job: Job, audience?: string): Promise<string> {
  const site = siteAt(job.site);
  const data = gitHubData(context.store, site);
  const claims = claimsOf(data, job);
  const issuedAt = Math.floor(context.now() / 1000);
  const key = signingKeyOf(data);
  return new SignJWT({ ...claims, sub: subjectOf(data, job, claims) })
    .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: key.id })
    .setJti(randomUUID())
    .setAudience(audience || `https://${site.host}/${claims.repository_owner}`)
    .setIssuer(issuerOf(enterpriseOf(data, repositoryOf(data, job).owner), site))
    .setNotBefore(issuedAt - lifetimeSeconds)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .setIssuedAt(issuedAt)
    .sign(await importJWK(key.privateKey, "RS256"));
}

/** What a token of the job says besides `sub`, `aud`, `iss` and the times. */
export function claimsOf(data: GitHubData, job: Job): Record<string, string> {
  const { repository, owner } = repositoryOf(data, job);
  const actor = data.users.get(job.actorId);
  if (!actor) throw new Error(`job ${job.id} has no actor`);
  const [, kind, ...name] = job.ref.split("/");
  const branch = {
    repositoryId: repository.id,
    kind: kind === "heads" ? "branch" : "tag",
    name: name.join("/"),
  } as const;
  return jobClaims({
    job,
    repository: { ...subjectRepository(data, job), visibility: repository.visibility },
    actor,
    isRefProtected: isProtected(data, branch),
    enterprise: enterpriseOf(data, owner) ?? null,
  });
}

/**
 * The subject of a token of the job.
 * @throws MissingClaimError where the template cannot be filled
 */
export function subjectOf(data: GitHubData, job: Job, claims: Readonly<Record<string, string>>): string {
  const { repository, owner } = repositoryOf(data, job);
  const organization = owner.type === "Organization" ? owner.account.subject : undefined;
  const prefix = subjectPrefix(subjectRepository(data, job), subjectForm(repository.subject, organization));
  return buildSubject(claimKeysOf(repository.subject, organization), prefix, subjectContext(job), claims);
}

function subjectRepository(data: GitHubData, job: Job) {
  const { repository, owner } = repositoryOf(data, job);
  return { owner: owner.account.login, ownerId: owner.account.id, name: repository.name, id: repository.id };
}

function repositoryOf(data: GitHubData, job: Job) {
  const repository = data.repositories.get(job.repositoryId);
  if (!repository) throw new Error(`job ${job.id} has no repository`);
  return { repository, owner: ownerOf(data, repository) };
}
