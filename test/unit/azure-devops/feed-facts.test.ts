import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectAzureDevOps } from "../../../infra/azure-devops/client.ts";
import { askFeedFacts } from "../../../infra/azure-devops/feed-facts.ts";
import type { Variables } from "../../../infra/azure-devops/sign-in.ts";
import { createCloud } from "../../../sandbox/cloud/cloud.ts";
import { allServices } from "../../../sandbox/cloud/services.ts";
import { seedContoso } from "../../../sandbox/contoso.ts";
import { networkOf } from "../../support/network.ts";

const cloud = createCloud({ services: allServices });
const credentials = await seedContoso(cloud.store);
const platform = {
  ARM_TENANT_ID: credentials.tenantId,
  ARM_CLIENT_ID: credentials.clientId,
  ARM_CLIENT_SECRET: credentials.clientSecret,
};
const python = { organization: "contoso", project: "data", name: "python" };

beforeEach(() => {
  pulumi.runtime.setMocks(
    { newResource: ({ inputs }) => ({ id: "", state: inputs }), call: () => ({}) },
    "p",
    "widgets",
  );
  cloud.requests.clear();
});
afterEach(() => cloud.faults.clear());

const connect = (environment: Variables = platform) => connectAzureDevOps({ environment, network: networkOf(cloud) });

/** What was asked of Azure DevOps, in the order of the alphabet. */
const asked = () =>
  cloud.requests
    .all()
    .filter(({ service }) => service === "azure-devops")
    .map(({ method, path }) => `${method} ${path}`)
    .sort();

test("a feed that serves packages of other places says so, by one request", async () => {
  expect(await askFeedFacts(python, connect())).toEqual({ hasUpstreams: true, views: [] });
  expect(asked()).toEqual(["GET /contoso/data/_apis/packaging/feeds/python"]);
});

test("a feed of the organization that serves only its own says so", async () => {
  expect(await askFeedFacts({ organization: "contoso", name: "internal" }, connect())).toEqual({
    hasUpstreams: false,
    views: [],
  });
});

test("the views come with who sees them, where they are asked for", async () => {
  const { views } = await askFeedFacts(python, connect(), { views: true });

  expect(views).toEqual([
    { name: "Local", visibility: "private" },
    { name: "Prerelease", visibility: "private" },
    { name: "Release", visibility: "collection" },
  ]);
  expect(asked()).toEqual([
    "GET /contoso/data/_apis/packaging/feeds/python",
    "GET /contoso/data/_apis/packaging/feeds/python/views",
  ]);
});

test("one sign-in serves all questions", async () => {
  const azureDevOps = connect();

  await askFeedFacts(python, azureDevOps, { views: true });
  await askFeedFacts({ organization: "contoso", name: "shared" }, azureDevOps);

  expect(cloud.requests.perService()).toEqual({ entra: 1, "azure-devops": 3 });
});

test("the stack's file is told what is wrong", async () => {
  const because = (location: typeof python, environment?: Variables) =>
    askFeedFacts(location, connect(environment)).then(
      () => expect.unreachable("the question should have failed"),
      ({ message }: Error) => message.split("\n")[1]?.replace("  stacks/Pulumi.widgets.yaml: feed: ", ""),
    );
  const about = "Azure DevOps could not be asked about contoso";

  expect(await because({ ...python, name: "none" })).toBe(
    `${about}/data/none: it answers 404 (The feed with ID 'none' doesn't exist); check the names`,
  );
  expect(await because({ ...python, project: "none" })).toMatch(
    `${about}/none/python: it answers 404 (TF200016: The following project does not exist: none.`,
  );
  expect(await because(python, { AZDO_PERSONAL_ACCESS_TOKEN: "hunter2" })).toBe(
    `${about}/data/python: it answers 401 (TF400813: The user 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' is not authorized to access this resource); check that the sign-in is a user of the organization contoso`,
  );
  expect(await because(python, { ...platform, ARM_CLIENT_SECRET: "hunter2" })).toBe(
    `${about}/data/python: Entra refuses the sign-in of the client: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${credentials.clientId}'.`,
  );
  expect(await because(python, { ARM_USE_CLI: "false" })).toBe(
    `${about}/data/python: nobody has signed in; set ARM_CLIENT_ID with ARM_CLIENT_SECRET or ARM_USE_OIDC, or AZDO_PERSONAL_ACCESS_TOKEN`,
  );
  cloud.faults.add({ effect: { kind: "status", status: 503 }, service: "azure-devops" });
  expect(await because(python)).toMatch(
    /^Azure DevOps could not be asked about contoso\/data\/python: it answers 503.*; run it again$/,
  );
});
