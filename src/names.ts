import { createHash } from "node:crypto";
import type { FeedLocation } from "./feed.ts";
import type { Repository } from "./repository.ts";
import type { FederatedTrust } from "./jobs/credentials.ts";
import { type Trust, type TrustEntry, trustOf } from "./jobs/trust.ts";

/**
 * Every name that feedpass gives.
 *
 * Logical names identify a resource to the engine: `access/publisher/environment:release`. They say what the user
 * wrote, never a position, and they are contract: a changed one needs an alias, or the engine makes a new resource.
 *
 * Physical names are what the services show. They are legal, deterministic and free of collisions.
 */

/**
 * The logical name in a resource's URN: all after the third `::`, since a name may hold one itself.
 * https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 */
export function nameInUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The logical name of what belongs to one identity. Identity names hold no slash, so nothing can collide. */
export function identityName(root: string, identity: string): string {
  return `${root}/${identity}`;
}

/**
 * The logical name of one trust entry of an identity: kind and value as written. A credential for subjects with ids has a
 * name of its own, so that on the way from one form to the other the new credential is made before the old one goes.
 */
export function trustName(identity: string, entry: TrustEntry, form: FederatedTrust["form"] = "names"): string {
  const { kind, value } = namedTrust(entry);
  const root = form === "names" ? identity : `${identity}/ids`;
  return kind === "pullRequest" ? `${root}/${kind}` : `${root}/${kind}:${value}`;
}

/** An entry as names have it. The name of a workflow holds no colon, so that one in an environment is no other's. */
function namedTrust(entry: TrustEntry): Pick<Trust, "kind" | "value"> {
  const { kind, value, workflow } = trustOf(entry);
  return workflow === undefined ? { kind, value } : { kind: "workflow", value: `${workflow}:${value}` };
}

/**
 * The logical name of a feed, or of an identity's role on it: where the feed is, whatever the stack calls it. Azure DevOps
 * takes names that differ by case alone for one.
 */
export function feedName(root: string, { project, name }: FeedLocation): string {
  return `${root}/feed:${[...(project === undefined ? [] : [project]), name].join("/").toLowerCase()}`;
}

/** The logical name of an identity's membership of a project. */
export function projectMembershipName(identity: string, project: string): string {
  return `${identity}/project:${project.toLowerCase()}`;
}

/** The logical name of a GitHub environment. */
export function environmentName(root: string, environment: string): string {
  return `${root}/environment:${environment}`;
}

/** The logical name of one deployment policy of an environment. */
export function deploymentPolicyName(environment: string, kind: "branch" | "tag", pattern: string): string {
  return `${environment}/${kind}:${pattern}`;
}

/** The logical name of a variable or secret, at an environment or at the repository. */
export function settingName(root: string, name: string, environment: string | undefined): string {
  return environment === undefined ? `${root}/${name}` : `${environmentName(root, environment)}/${name}`;
}

/** The longest display name that Entra takes. https://learn.microsoft.com/graph/api/resources/application */
const applicationDisplayNameLimit = 256;

/**
 * The display name of an identity's application: `feedpass contoso/widgets publisher`. GitHub's limits on owners (39)
 * and repositories (100) and ours on identities (32) keep it within Entra's.
 */
export function applicationDisplayName(repository: Repository, identity: string): string {
  const name = `feedpass ${repository.owner}/${repository.name} ${identity}`;
  if (name.length > applicationDisplayNameLimit) throw new Error(`application display name too long: ${name}`);
  return name;
}

/** What every application says of itself in its notes. With the display name it tells whose it is. */
export const applicationNotes = "Managed by feedpass: what is changed by hand is changed back.";

/** What the client secret of an identity is called. */
export const passwordDisplayName = "feedpass";

/** https://learn.microsoft.com/graph/api/resources/federatedidentitycredential: 3 to 120 URL-friendly characters. */
const credentialNameLimit = 120;
const hashLength = 10;

const credentialPrefix = {
  branch: "branch-",
  tag: "tag-",
  pullRequest: "pull-request",
  environment: "environment-",
  mergeQueue: "merge-queue-",
  workflow: "workflow-",
} as const;

/**
 * The name of the federated identity credential for a trust entry: `branch-main`, `environment-release`. A value that
 * the name cannot hold as it is (`feat/x`), or that differs from another by case alone, gets a hash of itself at the
 * end; so does one that looks as if it had such a hash, or one of the endings. Hence two entries never share a name, and
 * neither do two credentials of one entry: those for subjects with ids end in `-ids`, flexible ones in `-flexible`.
 */
export function credentialName(
  entry: TrustEntry,
  { form = "names", by = "subject" }: Partial<Pick<FederatedTrust, "form" | "by">> = {},
): string {
  const { kind, value } = namedTrust(entry);
  const prefix = credentialPrefix[kind];
  const ending = (form === "ids" ? "-ids" : "") + (by === "expression" ? "-flexible" : "");
  const limit = credentialNameLimit - ending.length;
  const asIs = /^[a-z0-9_-]*$/.test(value) && !new RegExp(`(-[0-9a-f]{${hashLength}}|-ids|-flexible)$`).test(value);
  if (asIs && prefix.length + value.length <= limit) return prefix + value + ending;
  const hash = createHash("sha256").update(value).digest("hex").slice(0, hashLength);
  const legible = value.replace(/[^A-Za-z0-9_]+/g, "-").replace(/^-+/, "");
  const room = limit - prefix.length - hashLength - 1;
  return `${prefix}${legible.slice(0, room).replace(/-+$/, "")}-${hash}${ending}`;
}
