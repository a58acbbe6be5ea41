import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ActionWorld, createActionWorld, shownLines } from "../../support/feed-action.ts";

let world: ActionWorld;
beforeAll(async () => {
  world = await createActionWorld();
});
beforeEach(() => {
  world.cloud.faults.clear();
  world.cloud.requests.clear();
});
afterAll(() => world.close());

const tokenRequests = () => world.cloud.requests.all().filter(({ service }) => service === "entra");

test("a service that falters is asked again", async () => {
  world.cloud.faults.add({ service: "entra", method: "POST", effect: { kind: "status", status: 503 }, times: 1 });
  world.cloud.faults.add({ service: "github", method: "GET", path: /idtoken$/, effect: { kind: "reset" }, times: 1 });

  const { exitCode } = await world.startJob().run(world.inputs);

  expect(exitCode).toBe(0);
});

test("a service that stays down ends the step with what it answered", async () => {
  world.cloud.faults.add({ service: "entra", method: "POST", effect: { kind: "status", status: 503 } });

  const { exitCode, output } = await world.startJob().run(world.inputs);

  expect(exitCode).toBe(1);
  expect(shownLines(output)[0]).toBe("::error title=Azure Artifacts::Entra gave no token, it answered 503");
  expect(
    tokenRequests()
      .filter(({ method }) => method === "POST")
      .map(({ status }) => status),
  ).toEqual([503, 503, 503]);
});

test("a refusal is final and not asked again", async () => {
  const { exitCode } = await world.startJob({ ref: "refs/heads/develop" }).run(world.inputs);

  expect(exitCode).toBe(1);
  expect(
    tokenRequests()
      .filter(({ method }) => method === "POST")
      .map(({ status }) => status),
  ).toEqual([401]);
});

test("a network that lets nothing through is told with the host, and what it may need", async () => {
  const { exitCode, output } = await world.startJob().run(world.inputs, { HTTPS_PROXY: "http://127.0.0.1:9" });

  const [headline = "", hint] = shownLines(output);
  expect(exitCode).toBe(1);
  expect(headline).toMatch(
    /^::error title=Azure Artifacts::GitHub could not be reached at pipelines\.actions\.githubusercontent\.com: .*refused/i,
  );
  expect(hint).toBe(
    "Does this runner need a proxy (HTTPS_PROXY) or a certificate authority of its own (SSL_CERT_FILE)?",
  );
});

test("an authority that is not trusted is told as such", async () => {
  const { exitCode, output } = await world.startJob().run(world.inputs, { SSL_CERT_FILE: undefined });

  expect(exitCode).toBe(1);
  expect(shownLines(output)[0]).toContain("CERTIFICATE_VERIFY_FAILED");
});

test("the authority that twine is told to trust counts too", async () => {
  const { exitCode } = await world
    .startJob()
    .run(world.inputs, { SSL_CERT_FILE: undefined, REQUESTS_CA_BUNDLE: world.authorityFile });

  expect(exitCode).toBe(0);
});
