import { describe, expect, test } from "vitest";
import { unknown } from "../../../infra/policy/resource.ts";
import {
  credentialsInVariable,
  endlessPassword,
  feedAdministrator,
  unprotectedIdentity,
  wildcardWithoutId,
} from "../../../infra/policy/rules.ts";
import { resource } from "./resources.ts";

// Proves each rule on one resource. Which resources reach it, and when, the engine test proves.

const now = Date.parse("2026-11-24T00:00:00Z");

describe("feed administrators", () => {
  test.each(["reader", "collaborator", "contributor", "none", unknown])("%s is no administrator", (role) => {
    expect(feedAdministrator(resource("feedPermission", "one", { role }))).toEqual([]);
  });

  test("administrator is refused with what takes its place", () => {
    expect(feedAdministrator(resource("feedPermission", "one", { role: "administrator" }))).toEqual([
      'role: got "administrator", expected reader, collaborator or contributor; publishing takes no more than contributor',
    ]);
  });

  test("something else with such a role is not looked at", () => {
    expect(feedAdministrator(resource("group", "one", { role: "administrator" }))).toEqual([]);
  });
});

describe("wildcards", () => {
  const ids = ["repository_id", "project_id"];

  test.each([
    "claims['sub'] matches 'repo:*:ref:refs/tags/v*' and claims['repository_id'] eq '1'",
    "claims['project_id'] eq '1' and claims['sub'] matches 'project_path:*'",
    unknown,
    undefined,
  ])("%s is let through", (claimsMatchingExpression) => {
    const credential = resource("flexibleCredential", "one", { claimsMatchingExpression });

    expect(wildcardWithoutId(credential, ids)).toEqual([]);
  });

  test.each([
    "claims['sub'] matches 'repo:contoso/*'",
    "claims['sub'] eq 'repo:contoso/widgets:ref:refs/heads/main'",
    "claims['repository_id'] matches '*'",
    "claims['repository_owner_id'] eq '1' and claims['sub'] matches 'repo:*'",
    "claims['sub'] eq 'claims[''repository_id''] eq ''1'''",
  ])("%s names nobody by an id", (claimsMatchingExpression) => {
    const credential = resource("flexibleCredential", "one", { claimsMatchingExpression });

    expect(wildcardWithoutId(credential, ids)).toEqual([
      `claimsMatchingExpression: got ${claimsMatchingExpression}, expected claims['repository_id'] eq 'ID' or claims['project_id'] eq 'ID' in it; join it on with and`,
    ]);
  });

  test("what is no expression is not taken for one", () => {
    const credential = resource("flexibleCredential", "one", {
      claimsMatchingExpression: "claims['repository_id'] eq '1' or claims['sub'] matches '*'",
    });

    expect(wildcardWithoutId(credential, ids)).toHaveLength(1);
  });
});

describe("passwords", () => {
  test.each([
    ["a day within the limit", { endDate: "2027-06-30T00:00:00Z" }],
    ["the last day", { endDate: "2028-11-23T00:00:00Z" }],
    ["a later day from a later start", { startDate: "2028-01-01T00:00:00Z", endDate: "2029-01-01T00:00:00Z" }],
    ["a span within the limit", { endDateRelative: "8760h" }],
    ["a span of hours and minutes", { endDateRelative: "17519h60m" }],
    ["a day that is not known yet", { endDate: unknown }],
    ["a start that is not known yet", { startDate: unknown, endDate: "2040-01-01T00:00:00Z" }],
  ])("%s is let through", (_title, properties) => {
    expect(endlessPassword(resource("applicationPassword", "one", properties), 730, now)).toEqual([]);
    expect(endlessPassword(resource("servicePrincipalPassword", "one", properties), 730, now)).toEqual([]);
  });

  test.each([
    ["no end", {}, "endDate: missing, expected a day within 730 days; without one the service chooses"],
    [
      "a day too late",
      { endDate: "2028-11-24T00:00:00Z" },
      'endDate: got "2028-11-24T00:00:00Z", expected a day within 730 days; set an earlier one',
    ],
    [
      "a span too long",
      { endDateRelative: "17521h" },
      'endDateRelative: got "17521h", expected a day within 730 days; set an earlier one',
    ],
    [
      "what nobody can read",
      { endDate: "one day" },
      'endDate: got "one day", expected a day within 730 days; set an earlier one',
    ],
    [
      "a span that nobody can read",
      { endDateRelative: "2y" },
      'endDateRelative: got "2y", expected a day within 730 days; set an earlier one',
    ],
  ])("%s is refused", (_title, properties, message) => {
    expect(endlessPassword(resource("applicationPassword", "one", properties), 730, now)).toEqual([message]);
  });

  test("the password that an application is made with counts too", () => {
    const application = resource("application", "one", { password: { displayName: "x" } });

    expect(endlessPassword(application, 30, now)).toEqual([
      "password.endDate: missing, expected a day within 30 days; without one the service chooses",
    ]);
    expect(endlessPassword(resource("application", "two"), 30, now)).toEqual([]);
  });
});

describe("protection", () => {
  const protectedKinds = ["application", "applicationRegistration", "servicePrincipal", "entitlement"] as const;

  test.each(protectedKinds)("an unprotected %s is refused, a protected one is not", (kind) => {
    const one = resource(kind, "one");

    expect(unprotectedIdentity(one)).toEqual([
      "not protected, and cannot be made again with the same id; set the resource option protect",
    ]);
    expect(unprotectedIdentity({ ...one, isProtected: true })).toEqual([]);
  });

  test.each(["credential", "feedPermission", "repositoryVariable"] as const)("a %s needs none", (kind) => {
    expect(unprotectedIdentity(resource(kind, "one"))).toEqual([]);
  });
});

describe("credentials in variables", () => {
  const kinds = ["repositoryVariable", "environmentVariable", "organizationVariable"] as const;

  test.each([
    "AZURE_CREDENTIALS",
    "PUBLISHER_AZURE_CREDENTIALS",
    "client_secret",
    "GH_TOKEN",
    "FEED_PAT",
    "DEPLOY_PRIVATE_KEY",
  ])("a variable with the name %s is refused, whatever its kind", (variableName) => {
    for (const kind of kinds) {
      expect(credentialsInVariable(resource(kind, "one", { variableName, value: unknown }))).toEqual([
        `${variableName}: a variable has the name of a secret, and everyone who reads the repository can see it; make it a secret`,
      ]);
    }
  });

  test.each([
    '{"clientId":"1","clientSecret":"canary"}',
    "-----BEGIN RSA PRIVATE KEY-----canary",
    "https://:canary@pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/",
    "github_pat_canarycanarycanarycanary",
  ])("a variable that holds credentials is refused without showing them", (value) => {
    const messages = credentialsInVariable(resource("repositoryVariable", "one", { variableName: "FEED", value }));

    expect(messages).toEqual([
      "FEED: a variable holds credentials, which everyone who reads the repository can see; make it a secret",
    ]);
  });

  test.each([
    ["AZURE_CLIENT_ID", "11111111-2222-3333-4444-555555555555"],
    ["AZURE_ARTIFACTS_INDEX_URL", "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/simple/"],
    ["TOKEN_AUDIENCE", "api://AzureADTokenExchange"],
    ["PATH_PREFIX", "a@b:c"],
  ])("%s is no credential", (variableName, value) => {
    expect(credentialsInVariable(resource("repositoryVariable", "one", { variableName, value }))).toEqual([]);
  });
});
