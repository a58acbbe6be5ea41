import { type EnvironmentProtection, type Environments, findEnvironment } from "../../src/jobs/environment.ts";
import { settingPlaces } from "../../src/jobs/reach.ts";
import { strongestRole } from "../../src/feed-roles.ts";
import type { IdentitySettings, Settings } from "../../src/settings/schema.ts";
import { mapValues } from "../../src/table.ts";

/** What the rehearsal knows of environments beyond the file, since it makes the repository that they are in. */

/** The branch that the rehearsal protects, where the file has environments for protected branches. */
export const protectedBranch = "main";

/** As somebody else has to protect what writes to a feed: versions and the trunk deploy, and no pull request. */
const keptFromPullRequests: EnvironmentProtection = { deployFrom: { branches: ["main"], tags: ["v*"] } };

/** The environments that the file trusts and leaves to somebody else, as the rehearsal makes them. */
export function environmentsOfOthers({ identities, environments }: Settings): Environments {
  const all = Object.values(identities).flatMap((identity) =>
    settingPlaces(identity.trust).flatMap((name) =>
      name === undefined || findEnvironment(environments, name) !== undefined ? [] : [{ name, identity }],
    ),
  );
  const guarded = all.filter(({ identity }) => mustNotWriteForPullRequests(identity));
  return Object.fromEntries([
    ...all.map(({ name }) => [name, {}] as const),
    ...guarded.map(({ name }) => [name, keptFromPullRequests] as const),
  ]);
}

/** Every environment of the stack's repository. Any other is made without protection when a job names it. */
export function knownEnvironments(settings: Settings): Environments {
  const kept = mapValues(settings.environments, (environment) =>
    environment.deployFrom?.protectedBranches
      ? { ...environment, deployFrom: { branches: [protectedBranch] } }
      : environment,
  );
  return { ...environmentsOfOthers(settings), ...kept };
}

/** Whether the identity writes to a feed, and its file does not take on that pull requests do. */
export function mustNotWriteForPullRequests({ roles, acceptedRisks }: IdentitySettings): boolean {
  return strongestRole(roles) !== "reader" && !acceptedRisks?.includes("pullRequestWrites");
}
