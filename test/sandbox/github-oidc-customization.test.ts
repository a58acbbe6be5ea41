import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { expectRoutesExercised } from "../support/coverage.ts";
import { addresses, client, createWorld, refusal, send, widgets } from "../support/github.ts";

const world = createWorld();
beforeEach(() => world.reset());
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-oidc-customization.test.ts"));

const path = "/actions/oidc/customization/sub";
const bases = {
  name: "https://api.github.com/repos/contoso/widgets",
  id: "https://api.github.com/repositories/4001",
} as const;
const gadgets = "https://api.github.com/repos/contoso/gadgets";
const organization = "https://api.github.com/orgs/contoso";

const get = async (base: string) => (await send(world, "GET", base + path, "ada-classic")).json();
const put = (base: string, body: unknown) => send(world, "PUT", base + path, "ada-classic", body);

const ids = "repo:contoso@2001/widgets@4001";

describe.each(addresses)("a repository's subject, by %s", (address) => {
  const base = bases[address];

  test("is GitHub's own with names, for a repository of old", async () => {
    expect(await get(base)).toEqual({
      use_default: true,
      use_immutable_subject: false,
      sub_claim_prefix: "repo:contoso/widgets",
    });
  });

  test("takes a template, and gives it up", async () => {
    const set = await put(base, { use_default: false, include_claim_keys: ["repo", "context", "job_workflow_ref"] });
    const custom = await get(base);
    await put(base, { use_default: true, include_claim_keys: ["repo"] });

    expect([set.status, await set.json()]).toEqual([201, {}]);
    expect(custom).toEqual({
      use_default: false,
      include_claim_keys: ["repo", "context", "job_workflow_ref"],
      use_immutable_subject: false,
      sub_claim_prefix: "repo:contoso/widgets",
    });
    expect(await get(base)).toMatchObject({ use_default: true });
  });
});

test("a repository that was born after July 2026 has ids in its prefix while its flag says false", async () => {
  expect(await get(gadgets)).toEqual({
    use_default: true,
    use_immutable_subject: false,
    sub_claim_prefix: "repo:contoso@2001/gadgets@4004",
  });
});

test("a repository opts in to immutable subjects, and out again; a PUT without the flag leaves it", async () => {
  await put(bases.name, { use_default: true, use_immutable_subject: true });
  const optedIn = await get(bases.name);
  await put(bases.name, { use_default: true });
  const left = await get(bases.name);
  await put(bases.name, { use_default: true, use_immutable_subject: false });

  expect(optedIn).toEqual({ use_default: true, use_immutable_subject: true, sub_claim_prefix: ids });
  expect(left).toEqual(optedIn);
  expect(await get(bases.name)).toMatchObject({ sub_claim_prefix: "repo:contoso/widgets" });
});

test("a repository that was born immutable stays so", async () => {
  await put(gadgets, { use_default: true, use_immutable_subject: true });
  await put(gadgets, { use_default: true, use_immutable_subject: false });

  expect(await get(gadgets)).toMatchObject({ sub_claim_prefix: "repo:contoso@2001/gadgets@4004" });
});

test("an organization opts all its repositories in, without touching their flags", async () => {
  await put(organization, { include_claim_keys: ["repo", "context"], use_immutable_subject: true });

  expect(await get(bases.name)).toEqual({ use_default: true, use_immutable_subject: false, sub_claim_prefix: ids });
});

test("a rename after July 2026 moves a repository to immutable subjects", async () => {
  await client(world, "ada-classic").repos.update({ ...widgets, name: "gizmos" });

  expect(await get("https://api.github.com/repos/contoso/gizmos")).toEqual({
    use_default: true,
    use_immutable_subject: true,
    sub_claim_prefix: "repo:contoso@2001/gizmos@4001",
  });
});

test("a rename before that day leaves the form", async () => {
  world.clock.now = Date.parse("2026-07-14T23:59:59Z");
  await client(world, "ada-classic").repos.update({ ...widgets, name: "gizmos" });

  expect(await get("https://api.github.com/repos/contoso/gizmos")).toMatchObject({
    use_immutable_subject: false,
    sub_claim_prefix: "repo:contoso/gizmos",
  });
});

test("an organization's template is used by repositories that ask for it, and by no others", async () => {
  const set = await put(organization, { include_claim_keys: ["repository_owner", "repository_visibility"] });
  await put(bases.name, { use_default: false });

  expect(set.status).toBe(201);
  expect(await get(organization)).toEqual({
    include_claim_keys: ["repository_owner", "repository_visibility"],
    use_immutable_subject: false,
  });
  expect(await get(bases.name)).toMatchObject({
    use_default: false,
    include_claim_keys: ["repository_owner", "repository_visibility"],
  });
  expect(await get(gadgets)).toMatchObject({ use_default: true });
});

test("the official client reads and sets both templates", async () => {
  const ada = client(world, "ada-classic");
  await ada.oidc.updateOidcCustomSubTemplateForOrg({ org: "contoso", include_claim_keys: ["repo"] });
  await ada.actions.setCustomOidcSubClaimForRepo({ ...widgets, use_default: false });

  const ofOrganization = await ada.oidc.getOidcCustomSubTemplateForOrg({ org: "contoso" });
  const ofRepository = await ada.actions.getCustomOidcSubClaimForRepo(widgets);

  expect(ofOrganization.data.include_claim_keys).toEqual(["repo"]);
  expect(ofRepository.data.include_claim_keys).toEqual(["repo"]);
});

test.each([
  [{}, 422, 'Invalid request.\n\n"use_default" wasn\'t supplied.'],
  [{ use_default: "no" }, 422, "Invalid request.\n\nFor 'properties/use_default', \"no\" is not a boolean."],
  [
    { use_default: false, include_claim_keys: "repo" },
    422,
    "Invalid request.\n\nFor 'properties/include_claim_keys', \"repo\" is not an array of strings.",
  ],
  [
    { use_default: false, include_claim_keys: ["re-po"] },
    422,
    "Invalid request.\n\nre-po does not match /^[a-zA-Z0-9_]+$/.",
  ],
  [
    { use_default: false, include_claim_keys: ["repo", "repo"] },
    422,
    "Invalid request.\n\ninclude_claim_keys has an item twice.",
  ],
  [{ use_default: false, include_claim_keys: ["colour"] }, 400, "colour is not a claim that subjects can include"],
])("the template %j is refused", async (body, status, message) => {
  const response = await put(bases.name, body);

  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ message });
});

test("templates are set by administrators only", async () => {
  const grace = client(world, "grace-classic");

  const statuses = await Promise.all(
    [
      grace.actions.setCustomOidcSubClaimForRepo({ ...widgets, use_default: true }),
      grace.oidc.getOidcCustomSubTemplateForOrg({ org: "contoso" }),
      client(world, "app").actions.setCustomOidcSubClaimForRepo({ ...widgets, use_default: true }),
      client(world, "app").oidc.getOidcCustomSubTemplateForOrg({ org: "contoso" }),
      client(world, "mallory-classic").oidc.getOidcCustomSubTemplateForOrg({ org: "contoso" }),
    ].map(async (request) => (await refusal(request)).status),
  );

  expect(statuses).toEqual([403, 403, 403, 403, 404]);
});

test("a member who may read the repository, and an installation with actions=read, read the prefix", async () => {
  const byMember = await client(world, "grace-classic").actions.getCustomOidcSubClaimForRepo(widgets);
  const byInstallation = await client(world, "app").actions.getCustomOidcSubClaimForRepo(widgets);

  expect(byMember.data).toMatchObject({ sub_claim_prefix: "repo:contoso/widgets" });
  expect(byInstallation.data).toEqual(byMember.data);
  expect(byMember.headers["x-accepted-github-permissions"]).toBe("actions=read");
});
