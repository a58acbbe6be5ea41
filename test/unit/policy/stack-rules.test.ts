import { describe, expect, test } from "vitest";
import { identitiesIn } from "../../../infra/policy/identities.ts";
import { type Resource, unknown } from "../../../infra/policy/resource.ts";
import {
  passwordInVariable,
  pullRequestReaderPublishes,
  pullRequestWrites,
  writingRoles,
} from "../../../infra/policy/stack-rules.ts";
import { credential, flexible, member, permission, resource } from "./resources.ts";

// Proves the rules that relate resources, by what the engine knows of them before and after they are made.

const pullRequests = "repo:contoso/widgets:pull_request";
const main = "repo:contoso/widgets:ref:refs/heads/main";

/** The permissions that break the rule on pull requests that write, by name. */
function writes(resources: readonly Resource[], roles: readonly string[] = writingRoles): string[] {
  return pullRequestWrites(resources, roles).map(({ urn }) => urn.split("::").at(-1) ?? "");
}

describe("pull requests that write", () => {
  test.each(writingRoles)("the role %s is refused for an identity of pull requests", (role) => {
    const { application, entitlement, all } = member("ci");
    const resources = [...all, credential(main, application), credential(pullRequests, application)];

    const violations = pullRequestWrites([...resources, permission(role, entitlement, "feed")], writingRoles);

    expect(violations).toEqual([
      {
        urn: "urn:pulumi:dev::project::azuredevops:index/feedPermission:FeedPermission::feed",
        message:
          `role: got "${role}", expected reader, because ApplicationFederatedIdentityCredential ${pullRequests} lets pull requests in; ` +
          "whoever can open one could write to the feed: give pull requests an identity of their own, and what publishes an environment with reviewers or deployment branches",
      },
    ]);
  });

  test("a reader of pull requests beside another identity that publishes is let through", () => {
    const reader = member("reader");
    const publisher = member("publisher");

    const found = writes([
      ...reader.all,
      ...publisher.all,
      credential(pullRequests, reader.application),
      credential("repo:contoso/widgets:environment:release", publisher.application),
      permission("reader", reader.entitlement),
      permission("contributor", publisher.entitlement),
    ]);

    expect(found).toEqual([]);
  });

  test.each([
    "repo:contoso@1/widgets@2:pull_request",
    "repo:contoso/widgets:pull_request:job_workflow_ref:contoso/x/.github/workflows/y.yml@refs/heads/main",
    "repository_id:2:pull_request",
    "repo:contoso/widgets:event_name:pull_request_target",
  ])("the subject %s is one of pull requests", (subject) => {
    const { application, entitlement, all } = member("ci");

    expect(writes([...all, credential(subject, application), permission("contributor", entitlement)])).toEqual([
      "contributor",
    ]);
  });

  test.each([
    "repo:contoso/widgets:environment:pull_requests",
    "repo:contoso/pull_request:ref:refs/heads/main",
    "repo:contoso/widgets:ref:refs/heads/pull_request",
  ])("the subject %s is not", (subject) => {
    const { application, entitlement, all } = member("ci");

    expect(writes([...all, credential(subject, application), permission("contributor", entitlement)])).toEqual([]);
  });

  test.each([
    "claims['sub'] matches 'repo:contoso/widgets:*' and claims['repository_id'] eq '2'",
    "claims['sub'] matches 'repo:*:pull_request' and claims['repository_id'] eq '2'",
    "claims['sub'] matches 'repo:contoso@1/widgets@2:pull?request' and claims['repository_id'] eq '2'",
    "claims['sub'] matches 'repository_owner_id:1:repository_id:2:*' and claims['repository_id'] eq '2'",
    "claims['job_workflow_ref'] matches 'contoso/*' and claims['repository_id'] eq '2'",
  ])("the expression %s lets pull requests in", (expression) => {
    const { application, entitlement, all } = member("ci");

    expect(writes([...all, flexible(expression, application), permission("contributor", entitlement)])).toEqual([
      "contributor",
    ]);
  });

  test.each([
    "claims['sub'] matches 'repo:contoso/widgets:ref:refs/tags/v*' and claims['repository_id'] eq '2'",
    "claims['sub'] matches 'repo:*:ref:refs/tags/v*' and claims['repository_id'] eq '2'",
    "claims['sub'] matches 'repo:contoso/widgets:environment:*' and claims['repository_id'] eq '2'",
    "claims['sub'] eq 'repo:contoso/widgets:ref:refs/heads/main' and claims['repository_id'] eq '2'",
  ])("the expression %s does not", (expression) => {
    const { application, entitlement, all } = member("ci");

    expect(writes([...all, flexible(expression, application), permission("contributor", entitlement)])).toEqual([]);
  });

  test("a role that only the update tells is not judged in the preview", () => {
    const { application, entitlement, all } = member("ci");

    expect(writes([...all, credential(pullRequests, application), permission(unknown, entitlement)])).toEqual([]);
  });

  test("the roles that count can be fewer", () => {
    const { application, entitlement, all } = member("ci");
    const resources = [...all, credential(pullRequests, application), permission("collaborator", entitlement)];

    expect(writes(resources, ["contributor", "administrator"])).toEqual([]);
  });
});

describe("which identity it is", () => {
  test("ids tell where the program passed no outputs", () => {
    const application = resource("application", "ci", { id: "/applications/AAA", objectId: "aaa", clientId: "c1" });
    const principal = resource("servicePrincipal", "ci", { clientId: "C1", objectId: "bbb" });
    const entitlement = resource("entitlement", "ci", { originId: "bbb", descriptor: "aadsp.1" });
    const granted = resource("feedPermission", "feed", { role: "contributor", identityDescriptor: "aadsp.1" });
    const trusted = resource("credential", "pr", { subject: pullRequests, applicationId: "aaa" });

    expect(writes([application, principal, entitlement, granted, trusted])).toEqual(["feed"]);
  });

  test("one application that is not in the stack is the same for two credentials", () => {
    const first = resource("credential", "pr", { subject: pullRequests, applicationId: "/applications/AAA" });
    const second = resource("credential", "main", { subject: main, applicationId: "aaa" });

    const identities = identitiesIn([first, second]);

    expect([...identities.of(first)]).toEqual(["aaa"]);
    expect([...identities.of(second)]).toEqual(["aaa"]);
  });

  test("a group hands its role on to its members", () => {
    const { application, entitlement, all } = member("ci");
    const group = resource("group", "publishers", { descriptor: unknown });
    const joins = resource(
      "groupMembership",
      "ci",
      { group: unknown, members: unknown },
      { group: [group], members: [entitlement] },
    );

    const found = writes([
      ...all,
      group,
      joins,
      credential(pullRequests, application),
      permission("contributor", group),
    ]);

    expect(found).toEqual(["contributor"]);
  });

  test("so does a group that is not in the stack", () => {
    const { application, entitlement, all } = member("ci");
    const joins = resource("groupMembership", "ci", { group: "vssgp.1" }, { members: [entitlement] });
    const granted = resource("feedPermission", "feed", { role: "contributor", identityDescriptor: "vssgp.1" });

    expect(writes([...all, joins, credential(pullRequests, application), granted])).toEqual(["feed"]);
  });

  test("owners and other dependencies make no identity", () => {
    const ci = member("ci");
    const other = member("other");
    const principal = { ...ci.principal, sources: { ...ci.principal.sources, owners: [other.application] } };
    const entitlement = resource("entitlement", "ci", {}, { originId: [principal] });

    const found = writes([
      ci.application,
      principal,
      entitlement,
      ...other.all,
      credential(pullRequests, other.application),
      permission("contributor", entitlement),
    ]);

    expect(found).toEqual([]);
  });
});

describe("readers for pull requests that publish elsewhere", () => {
  test("one identity that reads one feed and publishes to another is refused where it publishes", () => {
    const { application, entitlement, all } = member("ci");

    const violations = pullRequestReaderPublishes([
      ...all,
      credential(pullRequests, application),
      permission("reader", entitlement, "pull"),
      permission("contributor", entitlement, "push"),
    ]);

    expect(violations).toEqual([
      {
        urn: "urn:pulumi:dev::project::azuredevops:index/feedPermission:FeedPermission::push",
        message:
          `the identity publishes here and reads other feeds, and ApplicationFederatedIdentityCredential ${pullRequests} lets pull requests in; ` +
          "split it: one identity that reads, for pull requests, and one that publishes, for an environment",
      },
    ]);
  });

  test.each([
    ["without pull requests", main, ["reader", "contributor"]],
    ["that only reads", pullRequests, ["reader", "collaborator"]],
  ])("an identity %s is let through", (_title, subject, roles) => {
    const { application, entitlement, all } = member("ci");
    const permissions = roles.map((role) => permission(role, entitlement));

    expect(pullRequestReaderPublishes([...all, credential(subject, application), ...permissions])).toEqual([]);
  });
});

describe("passwords in variables", () => {
  const password = resource("applicationPassword", "legacy", { value: unknown });

  test("a variable that is made of a password is refused", () => {
    const variable = resource(
      "environmentVariable",
      "x",
      { variableName: "SIGN_IN", value: unknown },
      { value: [password] },
    );

    expect(passwordInVariable([password, variable])).toEqual([
      {
        urn: variable.urn,
        message: "SIGN_IN: a variable is made of ApplicationPassword legacy; make it a secret",
      },
    ]);
  });

  test("a variable that is made of an application is let through", () => {
    const { application } = member("ci");
    const variable = resource("repositoryVariable", "x", { variableName: "AZURE_CLIENT_ID" }, { value: [application] });

    expect(passwordInVariable([password, application, variable])).toEqual([]);
  });
});
