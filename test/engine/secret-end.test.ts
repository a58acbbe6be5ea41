import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { mergedEnvironment } from "../../sandbox/environment.ts";
import { openProject, type TestProject } from "../support/project.ts";

// Proves that a client secret that has ended stops nothing but the making of another that has ended: a stack that has it
// is applied as before, with a warning, and one that would have to make it is refused before anything is changed.

const dayIn = (days: number) => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
const [ended, soon, later, latest] = [dayIn(-40), dayIn(20), dayIn(200), dayIn(400)];

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
  write(ended);
  await project.succeed(["stack", "init", "secret"]);
});

afterAll(() => project.close());

/** Two identities: one with no other way to sign in, and one with GitHub's token beside the secret. */
function write(secretExpires: string, acceptedRisks = ["pullRequestWrites"]): void {
  const trust = [{ branch: "main" }];
  const legacy = { role: "reader", trust, signIn: "secret", secretExpires, variablePrefix: "L_" };
  project.writeStack("secret", {
    repository: "contoso/widgets",
    feed: { project: "data", name: "python" },
    identities: { legacy, both: { role: "contributor", trust, signIn: "both", secretExpires, acceptedRisks } },
    removable: true,
  });
}

const up = ["up", "--stack", "secret", "--yes", "--skip-preview"];

/** The secrets that Entra has: of what, until when, and which. */
function secrets() {
  const live = directory(project.sandbox.cloud.store).applications.filter(
    ({ displayName, deletedDateTime }) => deletedDateTime === null && displayName.startsWith("feedpass "),
  );
  return live
    .flatMap(({ displayName, passwordCredentials }) =>
      passwordCredentials.map(({ endDateTime, keyId }) => ({
        of: displayName,
        until: endDateTime.slice(0, 10),
        keyId,
      })),
    )
    .sort((left, right) => (left.of < right.of ? -1 : 1));
}

/** Both secrets are as old as if their end had come: in the state, at Entra and in the file. */
async function letPass(from: string, to: string): Promise<void> {
  const state = await project.succeed(["stack", "export", "--stack", "secret"]);
  const file = join(project.folder, "state.json");
  writeFileSync(file, state.replaceAll(from, to));
  await project.succeed(["stack", "import", "--stack", "secret", "--file", file]);
  const { applications } = directory(project.sandbox.cloud.store);
  for (const { id, passwordCredentials } of applications.filter(() => true)) {
    applications.update(id, {
      passwordCredentials: passwordCredentials.map((one) => ({
        ...one,
        endDateTime: one.endDateTime.replace(from, to),
      })),
    });
  }
  write(to);
}

const warning = (name: string, words: string) => `identities.${name}.secretExpires: the client secret ${words}`;

test("the first up is refused with all that cannot be made, and has made nothing", async () => {
  const { exitCode, output } = await project.pulumi(up);

  expect(exitCode).not.toBe(0);
  expect(output).toContain("2 problems in stacks/Pulumi.secret.yaml, nothing was changed:");
  for (const name of ["legacy", "both"]) {
    expect(output).toContain(`identities.${name}.secretExpires: got "${ended}", expected a day from `);
  }
  expect(secrets()).toEqual([]);
});

test("a secret that ends soon is made, and told of", async () => {
  write(soon);

  const output = await project.succeed(up);

  expect(output).toContain(warning("legacy", `ends on ${soon}, in 20 days; set a later day`));
  expect(secrets().map(({ until }) => until)).toEqual([soon, soon]);
});

test("once it has ended, previews and ups go through with a warning, and leave it", async () => {
  const before = secrets();
  await letPass(soon, ended);

  const preview = await project.succeed(["preview", "--stack", "secret", "--expect-no-changes"]);
  const applied = await project.succeed([...up, "--refresh"]);

  for (const output of [preview, applied]) {
    expect(output).toContain(warning("legacy", `ended on ${ended}: no job signs in as legacy any more; set`));
    expect(output).toContain(warning("both", `ended on ${ended}: its jobs sign in with GitHub's token alone; set`));
  }
  expect(applied).not.toMatch(/created|updated|deleted|replaced/);
  expect(secrets()).toEqual(before.map((one) => ({ ...one, until: ended })));
});

test("the fleet tells of it, as text and as data, and goes on", async () => {
  const cli = new URL("../../cli/feedpass.js", import.meta.url).pathname;
  const options = { cwd: project.folder, env: mergedEnvironment(project.sandbox.environment), extendEnv: false };

  const text = await execa("node", [cli, "fleet", "drift"], options);
  const json = await execa("node", [cli, "fleet", "preview", "--json"], options);

  expect(text.stdout).toContain(`secret: no drift\n  ${warning("both", `ended on ${ended}: its jobs sign in`)}`);
  expect(JSON.parse(json.stdout).stacks).toMatchObject([
    {
      outcome: "same",
      secretEnds: [
        { identity: "both", signIn: "both", day: ended, daysLeft: -40, state: "ended" },
        { identity: "legacy", signIn: "secret", day: ended, daysLeft: -40, state: "ended" },
      ],
    },
  ]);
});

test("an end that is another, and has passed too, is refused, and changes nothing", async () => {
  const before = secrets();
  write(dayIn(-1));

  const { exitCode, output } = await project.pulumi(up);

  expect(exitCode).not.toBe(0);
  expect(output).toContain("no secret can be made that has ended already: set a later day");
  expect(secrets()).toEqual(before);
});

test("a later end replaces it, and nothing is told any more", async () => {
  const before = secrets();
  write(later);

  const output = await project.succeed(up);

  expect(output).not.toContain("the client secret");
  expect(secrets().map(({ until }) => until)).toEqual([later, later]);
  expect(secrets().filter(({ keyId }) => before.some((one) => one.keyId === keyId))).toEqual([]);
});

test("one that was lost is not made again once it has ended", async () => {
  await letPass(later, ended);
  const [, own] = await project.resources("secret").then((all) => all.filter(({ type }) => /Password$/.test(type)));
  await project.succeed([
    ...["state", "delete", own?.urn ?? "", "--stack", "secret", "--yes", "--force", "--target-dependents"],
  ]);

  const { exitCode, output } = await project.pulumi(up);

  expect(exitCode).not.toBe(0);
  expect(output).toContain("1 problem in stacks/Pulumi.secret.yaml, nothing was changed:");
  write(latest);
  await project.succeed(up);
  // What the state has lost is worth nothing any more, and stays.
  expect(secrets().filter(({ until }) => until === latest)).toHaveLength(2);
});
