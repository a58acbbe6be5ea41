import { azureDevOpsData } from "../../../sandbox/cloud/azure-devops/entities.ts";
import { directory } from "../../../sandbox/cloud/entra/directory.ts";
import { gitHubData } from "../../../sandbox/cloud/github/data.ts";
import { type Entity, type Snapshot, Store } from "../../../sandbox/cloud/store.ts";

/**
 * What the services have, in lines that are the same for the same access: what each run makes up (ids, times, keys) is
 * named by what it stands for or left out, and what is in a recycle bin is gone.
 */
export function worldOf(snapshot: Snapshot): readonly string[] {
  const store = new Store();
  store.restore(snapshot);
  const names = namesOf(store);
  const { applications, servicePrincipals, federatedCredentials, owners } = directory(store);
  const azureDevOps = azureDevOpsData(store);
  const gitHub = gitHubData(store);
  const live = <T extends Entity & { readonly deletedDateTime: string | null }>(all: readonly T[]) =>
    all.filter(({ deletedDateTime }) => deletedDateTime === null);
  const isLive = (id: string) => live(applications.all()).some((one) => one.id === id);
  const kept = {
    application: live(applications.all()),
    "service principal": live(servicePrincipals.all()),
    owner: owners.filter(({ ownedId }) => names.has(ownedId)),
    credential: federatedCredentials.filter(({ applicationId }) => isLive(applicationId)),
    subject: azureDevOps.subjects.all(),
    entitlement: azureDevOps.entitlements.all().map(({ id, ...rest }) => ({ subjectId: id, ...rest })),
    membership: azureDevOps.memberships.all(),
    feed: azureDevOps.feeds.filter(({ deletedDate }) => deletedDate === null),
    role: azureDevOps.feedRoles.all(),
    environment: gitHub.environments.all(),
    policy: gitHub.policies.all(),
    variable: gitHub.variables.all(),
    secret: gitHub.secrets.all(),
  };
  return Object.entries(kept)
    .flatMap(([kind, all]) => all.map((one) => `${kind} ${renamed(JSON.stringify(one, withoutMadeUp), names)}`))
    .sort();
}

/** What each run makes up, or a service counts. */
const madeUp = new Set([
  ...["id", "keyId", "sha256", "hint", "sealed", "ruleIds", "descriptor", "legacyDescriptor"],
  ...["createdDateTime", "startDateTime", "dateCreated", "createdAt", "updatedAt", "change"],
]);

function withoutMadeUp(key: string, value: unknown): unknown {
  return madeUp.has(key) ? undefined : value;
}

function renamed(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<="(?:environment )?)\d+(?=")/g,
    (id) => names.get(id) ?? id,
  );
}

/** What an id stands for, for all that a stack can make. */
function namesOf(store: Store): ReadonlyMap<string, string> {
  const { applications, servicePrincipals } = directory(store);
  const { subjects, feeds } = azureDevOpsData(store);
  const { environments } = gitHubData(store);
  const principals = servicePrincipals.filter(({ deletedDateTime }) => deletedDateTime === null);
  return new Map([
    ...applications
      .filter(({ deletedDateTime }) => deletedDateTime === null)
      .flatMap(({ id, appId, displayName }): [string, string][] => [
        [id, `application of ${displayName}`],
        [appId, `client of ${displayName}`],
      ]),
    ...principals.map(({ id, displayName }): [string, string] => [id, `principal of ${displayName}`]),
    ...subjects.all().map(({ id, displayName }): [string, string] => [id, `subject ${displayName}`]),
    ...feeds.all().map(({ id, name }): [string, string] => [id, `feed ${name}`]),
    ...environments.all().map(({ id, name }): [string, string] => [id, `environment ${name}`]),
  ]);
}
