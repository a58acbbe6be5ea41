import type { Licence } from "./feed.ts";
import type { FeedRoles } from "./feed-roles.ts";
import { isStranger, type Job } from "./jobs/job.ts";
import { settingPlaces, type SignIn } from "./jobs/reach.ts";
import type { TrustEntry } from "./jobs/trust.ts";

/** What an identity is, as far as rules go. Every value names, counts or branches, so all are plain. */
export interface Identity {
  /** By the name that the stack has for each feed. */
  readonly roles: FeedRoles;
  readonly trust: readonly TrustEntry[];
  readonly signIn: SignIn;
  /** The day on which the client secret ends, e.g. `2027-06-30`. Wanted for every sign-in but `oidc`. */
  readonly secretExpires?: string | undefined;
  /** Put before the names of the identity's variables and secrets, e.g. `PUBLISHER_`. */
  readonly variablePrefix?: string | undefined;
  /** The identity's licence in the Azure DevOps organization. Default: `stakeholder`, which is free. */
  readonly licence?: Licence | undefined;
}

/** What a variable or secret holds. */
type SettingContent =
  | "clientId"
  | "tenantId"
  | "subscriptionId"
  | "indexUrl"
  /** The addresses of the other feeds that the identity installs from, with spaces between them. */
  | "extraIndexUrl"
  | "uploadUrl"
  | "credentials";

/** A variable or secret that a workflow reads. */
export interface Setting {
  readonly identity: string;
  readonly name: string;
  /** Where it is written: an environment, or the repository itself. */
  readonly environment: string | undefined;
  readonly kind: "variable" | "secret";
  readonly content: SettingContent;
}

/** The names that azure/login documents, and ours for the feed. Ids are no secrets; credentials are nothing else. */
const contents: readonly { readonly content: SettingContent; readonly name: string; readonly signIn?: SignIn }[] = [
  { content: "tenantId", name: "AZURE_TENANT_ID", signIn: "oidc" },
  { content: "subscriptionId", name: "AZURE_SUBSCRIPTION_ID", signIn: "oidc" },
  { content: "clientId", name: "AZURE_CLIENT_ID", signIn: "oidc" },
  { content: "credentials", name: "AZURE_CREDENTIALS", signIn: "secret" },
  { content: "indexUrl", name: "AZURE_ARTIFACTS_INDEX_URL" },
  { content: "extraIndexUrl", name: "AZURE_ARTIFACTS_EXTRA_INDEX_URL" },
  { content: "uploadUrl", name: "AZURE_ARTIFACTS_UPLOAD_URL" },
];

/**
 * What is written for the identities, and where. An identity that is trusted through an environment writes at that
 * environment, where only its jobs read; one that is trusted otherwise writes at the repository.
 * @param hasSubscription whether there is a subscription id to tell
 */
export function planSettings(identities: Readonly<Record<string, Identity>>, hasSubscription: boolean): Setting[] {
  return Object.entries(identities).flatMap(([identity, { roles, trust, signIn, variablePrefix = "" }]) => {
    const wanted = contents.filter(
      (entry) =>
        (entry.signIn === undefined || entry.signIn === signIn || signIn === "both") &&
        (entry.content !== "subscriptionId" || hasSubscription) &&
        (entry.content !== "extraIndexUrl" || Object.keys(roles).length > 1),
    );
    return settingPlaces(trust).flatMap((environment) =>
      wanted.map(({ content, name }) => ({
        identity,
        name: variablePrefix + name,
        environment,
        kind: content === "credentials" ? ("secret" as const) : ("variable" as const),
        content,
      })),
    );
  });
}

/**
 * The secrets that a job is given: those of its environment before those of one name at the repository; none for a fork.
 * https://docs.github.com/actions/reference/security/secrets
 */
export function secretsGiven(settings: readonly Setting[], job: Job): Setting[] {
  if (isStranger(job)) return [];
  const wanted = job.environment?.toLowerCase();
  const secrets = settings.filter(({ kind }) => kind === "secret");
  // GitHub finds an environment whatever its case.
  const own = secrets.filter(({ environment }) => environment !== undefined && environment.toLowerCase() === wanted);
  const shared = secrets.filter(({ environment }) => environment === undefined);
  return [...own, ...shared.filter(({ name }) => !own.some((other) => other.name === name))];
}

/** Settings of different identities with one name at one place. Each group holds two or more. */
export function settingConflicts(settings: readonly Setting[]): Setting[][] {
  const places = new Map<string, Setting[]>();
  for (const setting of settings) {
    const place = JSON.stringify([setting.environment?.toLowerCase(), setting.name]);
    places.set(place, [...(places.get(place) ?? []), setting]);
  }
  return [...places.values()].filter((group) => group.length > 1);
}
