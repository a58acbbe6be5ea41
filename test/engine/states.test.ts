import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { gitHubDotCom } from "../../sandbox/cloud/github/site.ts";
import type { Environment } from "../../sandbox/environment.ts";
import { startAzurite } from "../support/azurite.ts";
import { runFeedpass } from "../support/feedpass.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { sample, seed } from "../support/sample.ts";

// Proves the runbook's ways back from a damaged state, in a folder and in a container of Azure Storage (its emulator).

const settings = {
  repository: "contoso/widgets",
  feed: { organization: "contoso", name: "internal" },
  identities: {
    reader: { role: "reader", trust: [{ branch: "main" }], signIn: "both", secretExpires: "2027-06-30" },
  },
  removable: true,
};

/** Where the backend keeps what. */
interface Store {
  readonly environment: Environment;
  read(path: string): Promise<string>;
  write(path: string, content: string): Promise<void>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

async function folderOf(project: TestProject): Promise<Store> {
  const at = (path: string) => join(fileURLToPath(project.sandbox.environment.PULUMI_BACKEND_URL ?? ""), path);
  return {
    environment: {},
    read: async (path) => readFileSync(at(path), "utf8"),
    write: async (path, content) => writeFileSync(at(path), content),
    remove: async (path) => rmSync(at(path)),
    close: async () => {},
  };
}

const state = ".pulumi/stacks/feedpass/widgets.json";
const up = ["fleet", "up", "--stacks", "widgets", "--yes"];

describe.each([
  ["a folder", folderOf],
  ["azblob://", startAzurite],
])("a state in %s", (where, open) => {
  let project: TestProject;
  let store: Store;
  /** Two good states: before and after the file got another branch. */
  let old: string;
  let good: string;
  let clean: ReturnType<typeof world>;

  beforeAll(async () => {
    project = await openProject();
    store = await open(project);
    project.writeStack("widgets", settings);
    await runFeedpass(project, up, store.environment);
    old = await store.read(state);
    const { reader } = settings.identities;
    const more = { ...reader, trust: [...reader.trust, { branch: "next" }] };
    project.writeStack("widgets", { ...settings, identities: { reader: more } });
    await runFeedpass(project, up, store.environment);
    good = await store.read(state);
    clean = world();
  });
  afterAll(async () => {
    await store.close();
    await project.close();
  });

  /** The repository's client id stays, and nothing is there twice. */
  function world() {
    const { applications, federatedCredentials } = directory(project.sandbox.cloud.store);
    const { variables } = gitHubData(project.sandbox.cloud.store, gitHubDotCom);
    return {
      applications: applications.all().map((one) => `${one.appId}: ${one.passwordCredentials.length}`),
      credentials: federatedCredentials
        .all()
        .map(({ name }) => name)
        .sort(),
      variables: variables
        .all()
        .map(({ name, value }) => `${name}=${value}`)
        .sort(),
    };
  }

  /** Puts an empty state in the place of one that may be beyond reading. */
  async function forgetState(environment: Environment): Promise<void> {
    const file = join(project.folder, "empty.json");
    writeFileSync(file, JSON.stringify({ version: 3, deployment: {} }));
    await project.succeed(["stack", "import", "--stack", "widgets", "--file", file], environment);
  }

  /** The engine has written it there, made from the passphrase. */
  function takeSaltOut(): void {
    const file = join(project.folder, "stacks/Pulumi.widgets.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^encryptionsalt:.*\n(?: .*\n)*/m, ""));
  }

  async function endsWell(command: readonly string[], environment: Environment = {}): Promise<void> {
    const run = await runFeedpass(project, command, { ...store.environment, ...environment });
    expect(run.exitCode, JSON.stringify(run)).toBe(0);
    expect(world()).toEqual(clean);
    const quiet = await project.pulumi(["preview", "--stack", "widgets", "--expect-no-changes"], {
      ...store.environment,
      ...environment,
    });
    expect(quiet.exitCode, quiet.output).toBe(0);
  }

  const breaks = (content: () => string) => async () => {
    await store.write(state, content());
    const refused = await runFeedpass(project, up, store.environment);
    expect([refused.exitCode, refused.stacks[0]?.outcome]).toEqual([1, "failed"]);
    expect(refused.stacks[0]?.errors.join()).toContain("failed to load checkpoint");

    await forgetState(store.environment);
    await endsWell(up);
  };

  const cases: readonly (readonly [what: string, prove: () => Promise<void>])[] = [
    ["that is emptied fails alone, and is rebuilt from what the services have", breaks(() => "")],
    ["that is truncated fails alone, and is rebuilt likewise", breaks(() => good.slice(0, good.length / 2))],
    [
      "that is broken is put back from the copy that the engine keeps",
      async () => {
        await store.write(state, "");

        await store.write(state, await store.read(`${state}.bak`));
        await endsWell(["recover", "widgets", "--yes"]);
      },
    ],
    [
      "that is lost is rebuilt by the next up alone",
      async () => {
        await store.remove(state);

        await endsWell(up);
      },
    ],
    [
      "that is old is brought up to date, and nothing is made twice",
      async () => {
        await store.write(state, old);

        await endsWell(["recover", "widgets", "--yes"]);
      },
    ],
    // The last one: afterwards the state has another passphrase.
    [
      "whose passphrase is lost is rebuilt with another one",
      async () => {
        const environment = { PULUMI_CONFIG_PASSPHRASE: "another one" };
        const refused = await runFeedpass(project, up, { ...store.environment, ...environment });
        expect([refused.exitCode, refused.stacks[0]?.errors.join()]).toEqual([
          1,
          expect.stringContaining("incorrect passphrase"),
        ]);

        await forgetState(store.environment);
        takeSaltOut();
        await endsWell(up, environment);
      },
    ],
  ];
  test.each(sample(where, cases, 2))(`%s (FEEDPASS_SEED=${seed})`, async (_what, prove) => prove());
});
