import { identitiesIn } from "./identities.ts";
import { openingsIn } from "./openings.ts";
import { isOf, nameOf, type Resource, textOf, type Violation } from "./resource.ts";

/** The rules that several resources keep or break together. */

/** What a feed's role allows beyond installing. `collaborator` writes too: it saves packages from upstream sources. */
export const writingRoles = ["collaborator", "contributor", "administrator"] as const;
const publishingRoles: readonly string[] = ["contributor", "administrator"];

/**
 * Whoever can open a pull request runs code of their own in its jobs: these write to no feed.
 * @param roles the roles that count as writing
 */
export function pullRequestWrites(resources: readonly Resource[], roles: readonly string[]): Violation[] {
  return membersWithPullRequests(resources).flatMap(({ permissions, opening }) =>
    permissions
      .filter((permission) => roles.includes(textOf(permission, "role") ?? ""))
      .map((permission) => ({
        urn: permission.urn,
        message:
          `role: got ${JSON.stringify(textOf(permission, "role"))}, expected reader, because ${opening}; ` +
          "whoever can open one could write to the feed: give pull requests an identity of their own, and what publishes an environment with reviewers or deployment branches",
      })),
  );
}

/** An identity that pull requests read with publishes nowhere, on no other feed either. */
export function pullRequestReaderPublishes(resources: readonly Resource[]): Violation[] {
  return membersWithPullRequests(resources).flatMap(({ permissions, opening }) => {
    const publishing = permissions.filter((permission) => publishingRoles.includes(textOf(permission, "role") ?? ""));
    if (publishing.length === 0 || publishing.length === permissions.length) return [];
    return publishing.map((permission) => ({
      urn: permission.urn,
      message:
        `the identity publishes here and reads other feeds, and ${opening}; ` +
        "split it: one identity that reads, for pull requests, and one that publishes, for an environment",
    }));
  });
}

/** A password that is made here goes into no variable. */
export function passwordInVariable(resources: readonly Resource[]): Violation[] {
  return resources
    .filter((resource) => isOf(resource, "repositoryVariable", "environmentVariable", "organizationVariable"))
    .flatMap((variable) => {
      const password = (variable.sources.value ?? []).find((source) =>
        isOf(source, "applicationPassword", "servicePrincipalPassword"),
      );
      if (password === undefined) return [];
      const message = `${textOf(variable, "variableName") ?? "value"}: a variable is made of ${nameOf(password)}; make it a secret`;
      return [{ urn: variable.urn, message }];
    });
}

/** What one identity may do on feeds that the jobs of pull requests can become. */
interface Member {
  readonly permissions: readonly Resource[];
  /** One of the ways for them, in words. */
  readonly opening: string;
}

function membersWithPullRequests(resources: readonly Resource[]): Member[] {
  const identities = identitiesIn(resources);
  const openings = new Map<string, string>();
  for (const { of, words } of openingsIn(resources)) {
    for (const identity of identities.of(of)) openings.set(identity, openings.get(identity) ?? words);
  }
  const permissions = new Map<string, Resource[]>();
  for (const permission of resources.filter((resource) => isOf(resource, "feedPermission"))) {
    for (const identity of identities.of(permission)) {
      permissions.set(identity, [...(permissions.get(identity) ?? []), permission]);
    }
  }
  return [...openings].flatMap(([identity, opening]) => {
    const held = permissions.get(identity);
    return held === undefined ? [] : [{ permissions: held, opening }];
  });
}
