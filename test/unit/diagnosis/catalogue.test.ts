import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { refusals } from "../../../sandbox/cloud/entra/errors.ts";
import { failures } from "../../../sandbox/cloud/azure-devops/errors.ts";
import { catalogue, diagnose, presentedSubject } from "../../../src/diagnosis/catalogue.ts";
import { catalogueMarkdown } from "../../../src/diagnosis/catalogue-markdown.ts";

// Proves that errors are known by the words in which services and tools say them.

const ids = (text: string) => diagnose(text).map(({ id }) => id);

test.each([
  [
    "Error: AADSTS700213: No matching federated identity record found for presented assertion subject 'x'.",
    ["AADSTS700213"],
  ],
  ["AADSTS70021: No matching federated identity record found for presented assertion.", ["AADSTS70021"]],
  ["AADSTS7002138: The subject matches with case-insensitive comparison", ["AADSTS7002138"]],
  ["AADSTS700211: issuer 'https://token.actions.githubusercontent.com/contoso'", ["AADSTS700211"]],
  ["AADSTS700212: audience", ["AADSTS700212"]],
  ["AADSTS7000215: Invalid client secret provided.", ["AADSTS7000215"]],
  ["AADSTS7000222: The provided client secret keys for app are expired.", ["AADSTS7000222"]],
  ["AADSTS700016: Application with identifier", ["AADSTS700016"]],
  ["AADSTS90002: Tenant 'x' not found.", ["AADSTS90002"]],
  ["AADSTS7000112: Application is disabled.", ["AADSTS7000112"]],
  ["AADSTS50105: The signed in user is not assigned", ["AADSTS50105"]],
  ["AADSTS53003: Access has been blocked by Conditional Access policies.", ["AADSTS53003"]],
  ["User 'x' lacks permission to complete this action. You need to have 'ReadPackages'.", ["ReadPackages"]],
  ["User 'x' lacks permission to complete this action. You need to have 'AddPackage'.", ["AddPackage"]],
  ["User 'x' lacks permission to complete this action. You need to have 'AddUpstreamPackage'.", ["AddUpstreamPackage"]],
  [
    "TF400813: The user 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' is not authorized to access this resource.",
    ["TF400813"],
  ],
  ["TF200016: The following project does not exist: data.", ["TF200016"]],
  ["VS800075: The project with id 'vstfs:///x' does not exist", ["VS800075"]],
  ["The feed with ID 'python' doesn't exist.", ["Feed does not exist"]],
  ["feed: there is no feed contoso/python that this sign-in can see", ["Feed does not exist"]],
  ["(5005) Failed to assign license Account-Express to identity with id x.", ["5005"]],
  ["Adding service principal entitlement: (5000) VS403283: Could not add user", ["5000"]],
  [
    "ApplicationsClient.BaseClient.Post(): unexpected status 403 with OData error: Authorization_RequestDenied",
    ["Authorization_RequestDenied"],
  ],
  [
    'a resource with the ID "x" already exists - to be managed this resource needs to be imported into the State',
    ["requires import"],
  ],
  ["unexpected status 409: FederatedIdentityCredential with name branch-main already exists.", ["credential exists"]],
  ["Feed Permission for aadsp.x already exists", ["feed permission exists"]],
  ["409: A feed named 'python' already exists.", ["feed exists"]],
  ["The feed name 'python' is still reserved by a deleted feed.", ["feed name reserved"]],
  [
    "POST https://api.github.com/repos/contoso/widgets/actions/variables: 409 Already exists - Variable already exists []",
    ["variable exists"],
  ],
  ["403 Resource not accessible by integration []", ["Resource not accessible"]],
  ["403 You have exceeded a secondary rate limit. Please wait", ["secondary rate limit"]],
  [
    "DELETE https://api.github.com/repos/contoso/widgets/environments/release/deployment-branch-policies/7: 404 Not Found []",
    ["pattern is gone"],
  ],
  ["PUT https://api.github.com/x: 422 Validation Failed []", ["GitHub 422"]],
  ["Error: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable", ["id-token: write"]],
  ["Error: No subscriptions found for ***.", ["No subscriptions found"]],
  ["409 Client Error: Conflict - The feed 'python' already contains file 'x.whl' in package 'x 1'.", ["twine 409"]],
  [
    "'x 1' cannot be published to the feed because it exists in at least one of the feed's upstream sources.",
    ["exists in upstream"],
  ],
])("knows %j", (text, wanted) => {
  expect(ids(text)).toEqual(wanted);
});

test("what a service says counts before what pip makes of it", () => {
  const log = [
    "WARNING: 401 Error, Credentials not correct for https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/six/",
    "ERROR: No matching distribution found for six",
  ].join("\n");

  expect(ids(log)).toEqual(["feed 401", "No matching distribution"]);
  expect(ids(`TF400813: The user '' is not authorized to access this resource.\n${log}`)).toEqual(["TF400813"]);
});

test.each([
  [
    "twine",
    "HTTPError: 403 Forbidden from https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/upload",
    "twine 403",
  ],
  ["pip", "ERROR: HTTP error 403 while getting https://pkgs.dev.azure.com/contoso/x.whl", "feed 403"],
])("a bare 403 of %s", (_tool, text, id) => {
  expect(ids(text)[0]).toBe(id);
});

test.each(["", "something else went wrong", "AADSTS7002139999: no such number", "error 4030"])(
  "does not know %j",
  (text) => {
    expect(ids(text)).toEqual([]);
  },
);

test("what the emulated services refuse on the way to a feed is known", () => {
  const said = [
    refusals.subjectUnmatched("s"),
    refusals.subjectCase("s"),
    refusals.issuerUnmatched("i"),
    refusals.audienceUnmatched("a"),
    refusals.expressionUnmatched("s"),
    refusals.federationMissing("a", "n"),
    refusals.secretInvalid("a"),
    refusals.secretExpired("a"),
    refusals.tenantNotFound("t"),
    refusals.applicationDisabled("a", "n"),
  ].map(({ code, message }) => `AADSTS${code}: ${message}`);
  const refused = [
    failures.feedUnknown("python"),
    failures.projectNameUnknown("data"),
    failures.projectIdUnknown("1"),
    failures.feedNeedsPermission("u", "AddPackage"),
    failures.accessDenied("ci", "Users", "Add Users"),
  ].map(({ message }) => message);

  expect([...said, ...refused].map((text) => ids(text).length)).toEqual(Array(15).fill(1));
});

describe("the presented subject", () => {
  const subject = "repo:contoso@1/widgets@2:environment:release";

  test.each([
    `AADSTS700213: No matching federated identity record found for presented assertion subject '${subject}'. Check`,
    `AADSTS70021: x. Assertion Issuer: 'https://x'. Assertion Subject: '${subject}'. Assertion Audience: 'y'.`,
    ` subject claim - ${subject}\n/usr/bin/az cloud set`,
    `2026-11-24T00:00:00.000Z \u001b[31mclient trusts ${subject}\u001b[0m`,
  ])("is found in %j", (text) => {
    expect(presentedSubject(text)).toBe(subject);
  });

  test.each([" subject claim - ***", "no subject here", "https://pkgs.dev.azure.com/contoso"])(
    "is not in %j",
    (text) => {
      expect(presentedSubject(text)).toBeUndefined();
    },
  );
});

describe("the catalogue", () => {
  const all = catalogue.flatMap(({ errors }) => errors);

  test("names each error once, with causes, fixes and sources", () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { id, causes, sources } of all) {
      expect([id, causes.length > 0, sources.length > 0]).toEqual([id, true, true]);
      expect(sources.filter((source) => !URL.canParse(source))).toEqual([]);
    }
  });

  test("is the page in the documentation: npm run docs:errors writes it", () => {
    const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");

    expect(page).toBe(catalogueMarkdown(catalogue));
  });
});
