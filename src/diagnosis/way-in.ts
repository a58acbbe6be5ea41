import { strongestRole } from "../feed-roles.ts";
import { type EnvironmentProtection, findEnvironment, originsOf } from "../jobs/environment.ts";
import { settingPlaces } from "../jobs/reach.ts";
import type { Settings } from "../settings/schema.ts";
import { pathText } from "../settings/problem.ts";
import { alternatives } from "../words.ts";

/**
 * What would let a job of this ref into an environment that keeps it out.
 * @param environment as it is kept by the file, or as GitHub told of it
 * @param file the stack's, for people
 */
export function wayIn(
  name: string,
  environment: EnvironmentProtection,
  ref: string,
  settings: Settings,
  file: string,
): string {
  const instead = `run the job from ${alternatives(originsOf(environment))}`;
  if (findEnvironment(settings.environments, name) === undefined) {
    return `${instead}, or have the environment let it in at GitHub`;
  }
  const { branches = [], tags = [] } = environment.deployFrom ?? {};
  const [, folder, plain = ""] = /^refs\/(heads|tags|pull)\/(.+)$/s.exec(ref) ?? [];
  const add = (kind: "branches" | "tags", pattern: string) => {
    const path = pathText(["environments", name, "deployFrom", kind]);
    return `${instead}, or add ${JSON.stringify(pattern)} to ${path} in ${file} and apply it`;
  };
  // Where tags alone may deploy, a branch should not begin to just because a job was on it; nor the other way round.
  if (folder === "heads" && branches.length > 0) return add("branches", plain);
  if (folder === "tags" && tags.length > 0) return add("tags", plain);
  return folder === "pull" && branches.length > 0 && onlyReadersTrust(name, settings)
    ? add("branches", "refs/pull/*/merge")
    : instead;
}

function onlyReadersTrust(environment: string, { identities }: Settings): boolean {
  return Object.values(identities).every(
    ({ trust, roles }) => strongestRole(roles) === "reader" || !settingPlaces(trust).includes(environment),
  );
}
