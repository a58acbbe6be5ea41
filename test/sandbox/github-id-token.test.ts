import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeEach, expect, test } from "vitest";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { mintIdToken } from "../../sandbox/cloud/github/oidc/id-token.ts";
import { endJob, type JobRequest, startJob } from "../../sandbox/cloud/github/oidc/start-job.ts";
import { createSigningKey } from "../../sandbox/cloud/github/oidc/signing-keys.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { client, createWorld, push, start, widgets } from "../support/github.ts";

const world = createWorld();
beforeEach(() => world.reset());
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-id-token.test.ts"));

const issuer = "https://token.actions.githubusercontent.com";
const audience = "api://AzureADTokenExchange";
const ada = client(world, "ada-classic");

const get = (url: string, headers: Record<string, string> = {}) => world.cloud.fetch(new Request(url, { headers }));

/** What `core.getIDToken(audience)` does in a job. */
async function askForToken(job: { requestUrl: string | undefined; requestToken: string | undefined }, wanted?: string) {
  const suffix = wanted === undefined ? "" : `&audience=${encodeURIComponent(wanted)}`;
  return get(`${job.requestUrl}${suffix}`, { Authorization: `bearer ${job.requestToken}` });
}

async function tokenOf(request: JobRequest, wanted = audience): Promise<string> {
  const { value } = (await (await askForToken(startJob(world.context, request), wanted)).json()) as { value: string };
  return value;
}

async function verify(token: string) {
  const { jwks_uri: keys } = (await (await get(`${issuer}/.well-known/openid-configuration`)).json()) as {
    jwks_uri: string;
  };
  const set = (await (await get(keys)).json()) as JSONWebKeySet;
  return jwtVerify(token, createLocalJWKSet(set), {
    issuer,
    algorithms: ["RS256"],
    currentDate: new Date(world.clock.now),
  });
}

test("the issuer publishes its metadata", async () => {
  const response = await get(`${issuer}/.well-known/openid-configuration`);

  expect(await response.json()).toMatchObject({
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    subject_types_supported: ["public", "pairwise"],
    response_types_supported: ["id_token"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
  });
});

test("the published keys have no private half", async () => {
  const { keys } = (await (await get(`${issuer}/.well-known/jwks`)).json()) as { keys: Record<string, string>[] };

  expect(keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "e", "kid", "kty", "n", "use"]]);
});

test("a job asks for its token as the runner lets it, and gets one that the issuer's keys verify", async () => {
  const job = startJob(world.context, push);

  const response = await askForToken(job, audience);
  const body = (await response.json()) as { count: number; value: string };
  const { payload, protectedHeader } = await verify(body.value);

  expect(job.requestUrl).toMatch(
    /^https:\/\/pipelines\.actions\.githubusercontent\.com\/[0-9a-z]+\/0{8}-0{4}-0{4}-0{4}-0{12}\/_apis\/distributedtask\/hubs\/Actions\/plans\/[0-9a-f-]{36}\/jobs\/[0-9a-f-]{36}\/idtoken\?api-version=2\.0$/,
  );
  expect(response.status).toBe(200);
  expect(body.count).toBe(body.value.length);
  expect(protectedHeader).toEqual({
    typ: "JWT",
    alg: "RS256",
    kid: gitHubData(world.cloud.store).signingKeys.all()[0]?.id,
  });
  const { jti, ...claims } = payload;
  expect(jti).toMatch(/^[0-9a-f-]{36}$/);
  expect(claims).toEqual({
    ...job.claims,
    sub: "repo:contoso/widgets:ref:refs/heads/main",
    aud: audience,
    iss: issuer,
    iat: start / 1000,
    nbf: start / 1000 - 300,
    exp: start / 1000 + 300,
  });
});

test("without a wish, the audience is the owner's URL", async () => {
  const response = await askForToken(startJob(world.context, push));
  const { value } = (await response.json()) as { value: string };

  expect(decodeJwt(value).aud).toBe("https://github.com/contoso");
});

test("two tokens of one job differ in their ids only", async () => {
  const { job } = startJob(world.context, push);

  const [first, second] = [
    decodeJwt(await mintIdToken(world.context, job, audience)),
    decodeJwt(await mintIdToken(world.context, job, audience)),
  ];

  expect(first.jti === second.jti).toBe(false);
  expect({ ...first, jti: "" }).toEqual({ ...second, jti: "" });
});

test.each([
  [{}, "repo:contoso/widgets:ref:refs/heads/main"],
  [{ ref: "refs/tags/v1.0.0" }, "repo:contoso/widgets:ref:refs/tags/v1.0.0"],
  [{ event: "pull_request", ref: "refs/pull/7/merge" }, "repo:contoso/widgets:pull_request"],
  [{ event: "pull_request_target" }, "repo:contoso/widgets:pull_request"],
  [{ environment: "Release" }, "repo:contoso/widgets:environment:Release"],
  [{ event: "pull_request", ref: "refs/pull/7/merge", environment: "a:b" }, "repo:contoso/widgets:environment:a%3Ab"],
  [{ repository: "contoso/gadgets" }, "repo:contoso@2001/gadgets@4004:ref:refs/heads/main"],
  [{ repository: "CONTOSO/Widgets" }, "repo:contoso/widgets:ref:refs/heads/main"],
])("the subject of a job with %j is %s", async (changes, subject) => {
  const token = await tokenOf({ ...push, ...changes });

  expect(decodeJwt(token).sub).toBe(subject);
});

test("a token says who, what and where", async () => {
  const token = await tokenOf({
    ...push,
    event: "pull_request",
    ref: "refs/pull/7/merge",
    headRef: "feature/login",
    baseRef: "main",
    reusableWorkflow: "contoso/workflows/.github/workflows/pip.yml@v2",
    runner: "self-hosted",
  });

  expect(decodeJwt(token)).toMatchObject({
    repository: "contoso/widgets",
    repository_id: "4001",
    repository_owner: "contoso",
    repository_owner_id: "2001",
    repository_visibility: "private",
    actor: "linus",
    actor_id: "1003",
    event_name: "pull_request",
    ref: "refs/pull/7/merge",
    ref_type: "branch",
    ref_protected: "false",
    head_ref: "feature/login",
    base_ref: "main",
    workflow: "Publish",
    workflow_ref: "contoso/widgets/.github/workflows/publish.yml@refs/pull/7/merge",
    job_workflow_ref: "contoso/workflows/.github/workflows/pip.yml@v2",
    runner_environment: "self-hosted",
    run_attempt: "1",
  });
});

test("the commit is the branch's, protected branches say so, runs are counted per workflow", () => {
  const main = startJob(world.context, push);
  const develop = startJob(world.context, { ...push, ref: "refs/heads/develop" });
  const other = startJob(world.context, { ...push, workflow: ".github/workflows/test.yml" });
  const [head] = gitHubData(world.cloud.store).refs.filter((ref) => ref.name === "main" && ref.repositoryId === "4001");

  expect(main.claims.sha).toBe(head?.sha);
  expect(main.claims.workflow_sha).toBe(head?.sha);
  expect([main.claims.ref_protected, develop.claims.ref_protected]).toEqual(["true", "false"]);
  expect([main, develop, other].map(({ claims }) => claims.run_number)).toEqual(["1", "2", "1"]);
});

test("an opt-in between two tokens of one job shows in the second", async () => {
  const job = startJob(world.context, push);
  await ada.request("PUT /repos/{owner}/{repo}/actions/oidc/customization/sub", {
    ...widgets,
    use_default: true,
    use_immutable_subject: true,
  });

  const { value } = (await (await askForToken(job, audience)).json()) as { value: string };

  expect(job.claims.sub).toBe("repo:contoso/widgets:ref:refs/heads/main");
  expect(decodeJwt(value).sub).toBe("repo:contoso@2001/widgets@4001:ref:refs/heads/main");
});

test("a template makes the subject, and a job that cannot fill it gets no token", async () => {
  await ada.actions.setCustomOidcSubClaimForRepo({
    ...widgets,
    use_default: false,
    include_claim_keys: ["repo", "environment", "event_name"],
  });

  const inEnvironment = decodeJwt(await tokenOf({ ...push, environment: "release" }));
  const outside = startJob(world.context, push);
  const refused = await askForToken(outside, audience);

  expect(inEnvironment.sub).toBe("repo:contoso/widgets:environment:release:event_name:push");
  expect(outside.claims.sub).toBeUndefined();
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    message: 'the subject needs the claim "environment", which the job does not have',
  });
});

test.each([
  ["without the permission", { permissions: { contents: "write" as const } }],
  ["with the permission to read", { permissions: { "id-token": "read" as const } }],
  ["of a fork's pull request", { event: "pull_request", ref: "refs/pull/7/merge", fork: true }],
])("a job %s cannot ask for a token", (_which, changes) => {
  const job = startJob(world.context, { ...push, ...changes });

  expect([job.requestUrl, job.requestToken]).toEqual([undefined, undefined]);
});

test("a pull_request_target of a fork runs trusted, and can ask", () => {
  const job = startJob(world.context, { ...push, event: "pull_request_target", fork: true });

  expect(job.requestToken?.length).toBe(64);
});

test("a request token is kept as a hash, and is good for its own job only", async () => {
  const first = startJob(world.context, push);
  const second = startJob(world.context, push);
  const without = startJob(world.context, { ...push, permissions: {} });

  const statuses = await Promise.all(
    [
      askForToken({ ...first, requestToken: second.requestToken }),
      get(first.requestUrl ?? ""),
      askForToken({ ...first, requestUrl: first.requestUrl?.replace(without.job.id, first.job.id) }),
      askForToken({ ...first, requestUrl: first.requestUrl?.replace(first.job.planId, second.job.planId) }),
      askForToken({ ...first, requestUrl: first.requestUrl?.replace(first.job.id, without.job.id) }),
      askForToken({
        ...first,
        requestUrl: first.requestUrl
          ?.replace(first.job.id, without.job.id)
          .replace(first.job.planId, without.job.planId),
      }),
    ].map(async (response) => (await response).status),
  );

  expect(statuses).toEqual([401, 401, 200, 404, 404, 401]);
  expect(JSON.stringify(world.cloud.store.snapshot()).includes(first.requestToken ?? "")).toBe(false);
});

test("the request token ends with its job", async () => {
  const ended = startJob(world.context, push);
  const late = startJob(world.context, push);
  endJob(world.context, ended.job);

  const afterEnd = await askForToken(ended);
  world.clock.now += 6 * 60 * 60 * 1000;
  const afterSixHours = await askForToken(late);

  expect([afterEnd.status, afterSixHours.status]).toEqual([401, 401]);
});

test("a token is over after five minutes", async () => {
  const token = await tokenOf(push);
  world.clock.now += 5 * 60 * 1000 + 1000;

  await expect(verify(token)).rejects.toThrow('"exp" claim timestamp check failed');
});

test("after a change of keys, the new one signs and the old one still verifies", async () => {
  const old = await tokenOf(push);
  gitHubData(world.cloud.store).signingKeys.insert(createSigningKey());

  const fresh = await tokenOf(push);

  expect((await verify(old)).payload.aud).toBe(audience);
  expect((await verify(fresh)).protectedHeader.kid).toBe(gitHubData(world.cloud.store).signingKeys.all()[1]?.id);
});

test("a token of another GitHub does not verify", async () => {
  const other = createWorld();
  const { job } = startJob(other.context, push);

  await expect(verify(await mintIdToken(other.context, job, audience))).rejects.toThrow("no applicable key found");
});
