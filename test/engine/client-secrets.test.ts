import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { readSecretsIn } from "../../sandbox/cloud/github/secrets.ts";
import { mergedEnvironment } from "../../sandbox/environment.ts";
import { JobLog } from "../../sandbox/rehearsal/log.ts";
import { openProject, type TestProject } from "../support/project.ts";

// Proves that a client secret is in no debug log of the program, and hidden in the log of a workflow. What the engine itself
// writes with -v=9, and the official providers with --debug, is not kept out: docs/security.md.

const cli = new URL("../../cli/feedpass.js", import.meta.url).pathname;
const secretExpires = new Date(Date.now() + 90 * 24 * 3600 * 1000).toISOString().slice(0, 10);
// Sign-in by a secret at the repository is a risk that the file has to take on: every job reads it.
const acceptedRisks = ["pullRequestWrites"];
const legacy = { role: "contributor", trust: [{ branch: "main" }], signIn: "secret", secretExpires, acceptedRisks };

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
  project.writeStack("secret", {
    repository: "contoso/widgets",
    feed: { project: "data", name: "python" },
    identities: { legacy },
    removable: true,
  });
  await project.succeed(["stack", "init", "secret"]);
});

afterAll(() => project.close());

/** The one that the workflow reads now. */
function clientSecret(): string {
  const store = gitHubData(project.sandbox.cloud.store);
  const scope = store.secrets.all().find(({ name }) => name === "AZURE_CREDENTIALS")?.scope ?? "";
  const { clientSecret: secret } = JSON.parse(readSecretsIn(store, scope).AZURE_CREDENTIALS ?? "{}");
  expect(secret).toMatch(/^.{30,}$/);
  return secret;
}

/** Runs `feedpass fleet` as a step of a workflow does. */
function fleet(...parameters: readonly string[]) {
  return execa("node", [cli, "fleet", ...parameters, "--json"], {
    cwd: project.folder,
    env: mergedEnvironment(project.sandbox.environment, { GITHUB_ACTIONS: "true" }),
    extendEnv: false,
    reject: false,
  });
}

test("an up with --debug, the next one and a preview show no client secret", async () => {
  const shown = [
    await project.succeed(["up", "--stack", "secret", "--yes", "--skip-preview", "--debug"]),
    await project.succeed(["up", "--stack", "secret", "--yes", "--skip-preview", "--debug", "--refresh"]),
    await project.succeed(["preview", "--stack", "secret", "--debug", "--diff"]),
  ].join("\n");

  expect(shown).toContain("debug: ");
  expect(shown).not.toContain(clientSecret());
});

test("the program adds nothing to the engine's own log at its most verbose", async () => {
  const log = await project.succeed(["preview", "--stack", "secret", "-v=9", "--logtostderr"]);

  expect(log).toContain('"v":9');
  expect(log).not.toMatch(/RegisterResource RPC finished: resource:access/);
});

test("the fleet has a workflow hide client secrets before anything else can show them", async () => {
  const secret = clientSecret();

  const { exitCode, stdout, stderr } = await fleet("preview", "--stacks", "secret");
  const log = new JobLog([]);
  const shown = log.add(stderr).text;

  expect(exitCode).toBe(0);
  expect(stdout).not.toContain(secret);
  expect(stderr.split("\n").filter((line) => line.includes(secret))).toEqual([`::add-mask::${secret}`]);
  expect([shown.includes(secret), log.revealed]).toEqual([false, 0]);
  expect(log.add(`a later step prints ${secret}`).text).toBe("a later step prints ***");
});

test("one that is made just now is hidden too", async () => {
  const later = new Date(Date.now() + 120 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  const settings = project.readStack("secret").config as Record<string, unknown>;
  const own = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key.replace("feedpass:", ""), value]));
  project.writeStack("secret", { ...own, identities: { legacy: { ...legacy, secretExpires: later } } });

  const { exitCode, stdout, stderr } = await fleet("up", "--stacks", "secret", "--yes");

  expect(exitCode).toBe(0);
  expect(stderr).toContain(`::add-mask::${clientSecret()}\n`);
  expect(stdout).not.toContain(clientSecret());
});

test("outside of a workflow no secret leaves the program", async () => {
  const { stdout, stderr } = await execa("node", [cli, "fleet", "preview", "--stacks", "secret", "--json"], {
    cwd: project.folder,
    env: mergedEnvironment(project.sandbox.environment),
    extendEnv: false,
    reject: false,
  });

  expect(`${stdout}${stderr}`).not.toContain(clientSecret());
});
