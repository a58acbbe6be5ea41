import { conditionsOf, wantedBy } from "../../src/jobs/claims-expression.ts";
import { meet } from "../../src/jobs/patterns/pattern.ts";
import { subjectShape } from "../../src/jobs/patterns/shape.ts";
import { identitiesIn } from "./identities.ts";
import { isOf, type Resource, textOf, types, type Violation } from "./resource.ts";

/** The rules that several resources keep or break together. */

/** What a feed's role allows beyond installing. `collaborator` writes too: it saves packages from upstream sources. */
export const writingRoles = ["collaborator", "contributor", "administrator"] as const;
const publishingRoles: readonly string[] = ["contributor", "administrator"];

/**
 * Whoever can open a pull request runs code of their own in its jobs: these write to no feed.
 * @param roles the roles that count as writing
 */
export function pullRequestWrites(resources: readonly Resource[], roles: readonly string[]): Violation[] {
  return membersWithPullRequests(resources).flatMap(({ permissions, credential }) =>
    permissions
      .filter((permission) => roles.includes(textOf(permission, "role") ?? ""))
      .map((permission) => ({
        urn: permission.urn,
        message:
          `role: got ${JSON.stringify(textOf(permission, "role"))}, expected reader, because ${nameOf(credential)} lets pull requests in; ` +
          "whoever can open one could write to the feed: give pull requests an identity of their own",
      })),
  );
}

/** An identity that pull requests read with publishes nowhere, on no other feed either. */
export function pullRequestReaderPublishes(resources: readonly Resource[]): Violation[] {
  return membersWithPullRequests(resources).flatMap(({ permissions, credential }) => {
    const publishing = permissions.filter((permission) => publishingRoles.includes(textOf(permission, "role") ?? ""));
    if (publishing.length === 0 || publishing.length === permissions.length) return [];
    return publishing.map((permission) => ({
      urn: permission.urn,
      message:
        `the identity publishes here and reads other feeds, and ${nameOf(credential)} lets pull requests in; ` +
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

/** What one identity may do on feeds, where pull requests may sign in as it. */
interface Member {
  readonly permissions: readonly Resource[];
  /** One of the credentials that let them. */
  readonly credential: Resource;
}

function membersWithPullRequests(resources: readonly Resource[]): Member[] {
  const identities = identitiesIn(resources);
  const credentials = new Map<string, Resource>();
  for (const credential of resources.filter(acceptsPullRequests)) {
    for (const identity of identities.of(credential))
      credentials.set(identity, credentials.get(identity) ?? credential);
  }
  const permissions = new Map<string, Resource[]>();
  for (const permission of resources.filter((resource) => isOf(resource, "feedPermission"))) {
    for (const identity of identities.of(permission)) {
      permissions.set(identity, [...(permissions.get(identity) ?? []), permission]);
    }
  }
  return [...credentials].flatMap(([identity, credential]) => {
    const held = permissions.get(identity);
    return held === undefined ? [] : [{ permissions: held, credential }];
  });
}

/** The segment of a subject that says pull request, wherever the repository's template puts it. */
const pullRequestSegment = /(^|:)pull_request(_target)?(:|$)/;
/** The subjects of pull requests by GitHub's default template, and by those that use ids alone. */
const pullRequestSubjects = ["*:*:pull_request", "repository_owner_id:*:repository_id:*:pull_request"].map(
  subjectShape,
);

/**
 * Whether the token of a pull request's job may be let in. What an expression does not ask about, it takes as it comes.
 * https://docs.github.com/actions/reference/security/oidc#example-subject-claims
 */
function acceptsPullRequests(credential: Resource): boolean {
  if (isOf(credential, "credential")) return pullRequestSegment.test(textOf(credential, "subject") ?? "");
  const expression = textOf(credential, "claimsMatchingExpression");
  if (!isOf(credential, "flexibleCredential") || expression === undefined) return false;
  const conditions = conditionsOf(expression) ?? [];
  return conditions
    .filter(({ claim }) => claim === "sub")
    .every(
      (condition) =>
        pullRequestSegment.test(condition.value) ||
        pullRequestSubjects.some((subject) => meet(wantedBy(condition), subject)),
    );
}

/** A resource as people know it: `ApplicationPassword access/legacy/secret`. */
function nameOf({ urn, type }: Resource): string {
  const kind = Object.values(types).includes(type as never) ? type.split(":").at(-1) : type;
  return `${kind} ${urn.split("::").slice(3).join("::")}`;
}
