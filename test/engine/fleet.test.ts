import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FleetReport } from "../../cli/fleet/report.ts";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import { mergedEnvironment } from "../../sandbox/environment.ts";
import { openProject, type TestProject } from "../support/project.ts";

// Proves what the fleet's commands do with many stacks on the real engine: the command line as users run it.

const cli = new URL("../../cli/feedpass.js", import.meta.url).pathname;
const stacks = Array.from({ length: 12 }, (_none, index) => `repository-${String(index + 1).padStart(2, "0")}`);

let project: TestProject;
/** Where the command keeps what it needs while it runs. */
let temporary: string;

beforeAll(async () => {
  project = await openProject();
  temporary = mkdtempSync(join(tmpdir(), "feedpass-test-"));
  seedGitHub(project.sandbox.cloud.store, { repositories: stacks.map((name) => ({ owner: "contoso", name })) });
  for (const stack of stacks) project.writeStack(stack, settingsOf(stack));
});

afterAll(async () => {
  await project.close();
  rmSync(temporary, { recursive: true, force: true });
});

function settingsOf(name: string) {
  return {
    repository: `contoso/${name}`,
    feed: { organization: "contoso", name: "internal" },
    identities: { reader: { role: "reader", trust: [{ branch: "main" }] } },
    removable: true,
  };
}

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `npx feedpass …` as a terminal does: in a process group of its own. */
function start(...parameters: readonly string[]) {
  return execa("node", [cli, ...parameters], {
    cwd: project.folder,
    env: mergedEnvironment(project.sandbox.environment, { GITHUB_STEP_SUMMARY: undefined, TMPDIR: temporary }),
    extendEnv: false,
    reject: false,
    detached: true,
  });
}

async function feedpass(...parameters: readonly string[]): Promise<Ended> {
  const { exitCode = -1, stdout, stderr } = await start(...parameters);
  return { exitCode, stdout, stderr };
}

const fleet = (...parameters: readonly string[]) => feedpass("fleet", ...parameters);

async function report(...parameters: readonly string[]): Promise<FleetReport & { readonly exitCode: number }> {
  const { exitCode, stdout, stderr } = await fleet(...parameters, "--json");
  if (stdout === "") throw new Error(stderr);
  return { ...(JSON.parse(stdout) as FleetReport), exitCode };
}

const outcomes = ({ stacks }: FleetReport) => Object.fromEntries(stacks.map(({ stack, outcome }) => [stack, outcome]));
const all = (outcome: string, names: readonly string[] = stacks) =>
  Object.fromEntries(names.map((name) => [name, outcome]));
const files = () => stacks.map((stack) => readFileSync(join(project.folder, `stacks/Pulumi.${stack}.yaml`), "utf8"));
const applications = () => directory(project.sandbox.cloud.store).applications.all().length;

describe("a fleet of twelve stacks", () => {
  test("is previewed without being made", async () => {
    const written = files();
    // What the services make up when they are asked first, as the keys that sign tokens.
    await fleet("preview", "--stacks", "repository-01");
    const before = project.sandbox.cloud.store.snapshot();

    const preview = await report("preview");

    expect(preview.exitCode).toBe(2);
    expect(outcomes(preview)).toEqual(all("changed"));
    expect(preview.stacks.every(({ isNew }) => isNew)).toBe(true);
    expect(new Set(preview.stacks.map(({ counts }) => JSON.stringify(counts)))).toEqual(new Set(['{"create":17}']));
    expect(JSON.parse(await project.succeed(["stack", "ls", "--json"]))).toEqual([]);
    expect(project.sandbox.cloud.store.snapshot()).toEqual(before);
    expect(files()).toEqual(written);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("is not applied without a terminal to ask on, unless the flag says so", async () => {
    const { exitCode, stderr } = await fleet("up");

    expect(exitCode).toBe(1);
    expect(stderr).toBe("up would change 12 stacks; without a terminal to ask on it needs --yes");
  });

  test("whose up is interrupted ends cleanly, and the same command goes on", async () => {
    const alreadyThere = applications();
    const running = start("fleet", "up", "--yes", "--json", "--concurrency", "2");
    // In the middle of a stack: its application is there, and what follows is not.
    while (applications() < alreadyThere + 3) await new Promise((resolve) => setTimeout(resolve, 5));
    process.kill(-(running.pid ?? 0), "SIGINT");
    const { exitCode, stdout, stderr } = await running;
    const interrupted: FleetReport = JSON.parse(stdout);
    const made = applications();

    const second = await report("up", "--yes");
    const third = await report("preview");

    const by = (outcome: string) => interrupted.stacks.filter((stack) => stack.outcome === outcome).length;
    expect(exitCode).toBe(4);
    expect(stderr).toContain("ending cleanly, please wait");
    expect(by("notRun")).toBeGreaterThanOrEqual(6);
    expect(by("changed") + by("interrupted") + by("notRun")).toBe(12);
    expect(made - alreadyThere).toBeLessThanOrEqual(by("changed") + by("interrupted"));
    expect(second.exitCode).toBe(0);
    expect(second.stacks.filter(({ outcome }) => outcome !== "changed" && outcome !== "same")).toEqual([]);
    expect(applications()).toBe(alreadyThere + 12);
    expect(third.exitCode).toBe(0);
    expect(outcomes(third)).toEqual(all("same"));
  });

  test("shows the drift of those that drifted, and changes nothing", async () => {
    const store = project.sandbox.cloud.store;
    const { repositories, variables } = gitHubData(store);
    const idOf = (name: string) => repositories.find((repository) => repository.name === name)?.id;
    const variable = variables.find(
      ({ name, scope }) => name === "AZURE_ARTIFACTS_INDEX_URL" && scope.includes(idOf("repository-03") ?? "none"),
    );
    variables.update(variable?.id ?? "", { value: "https://mallory.example/simple/" });
    const credentialOf = (name: string) => {
      return directory(store).federatedCredentials.find(
        ({ subject }) => subject === `repo:contoso/${name}:ref:refs/heads/main`,
      );
    };
    directory(store).federatedCredentials.delete(credentialOf("repository-07")?.id ?? "");
    const principal = directory(store).servicePrincipals.find(({ displayName }) =>
      displayName.includes("repository-11"),
    );
    const subject = azureDevOpsData(store).subjects.find(
      (found) => found.kind === "servicePrincipal" && found.originId === principal?.id,
    );
    const role = azureDevOpsData(store).feedRoles.find(({ subjectId }) => subjectId === subject?.id);
    azureDevOpsData(store).feedRoles.update(role?.id ?? "", { role: "contributor" });
    const opted = repositories.get(idOf("repository-05") ?? "");
    if (opted) repositories.update(opted.id, { subject: { ...opted.subject, optedIn: true } });
    const drifted = store.snapshot();

    const drift = await report("drift");

    expect(drift.exitCode).toBe(2);
    expect(outcomes(drift)).toEqual({
      ...all("same"),
      "repository-03": "changed",
      "repository-05": "changed",
      "repository-07": "changed",
      "repository-11": "changed",
    });
    expect(drift.stacks.flatMap(({ stack, changes }) => changes.map((change) => [stack, change]))).toEqual([
      [
        "repository-03",
        {
          action: "update",
          type: "ActionsVariable",
          name: "access/AZURE_ARTIFACTS_INDEX_URL",
          properties: [
            {
              path: "value",
              before: '"https://pkgs.dev.azure.com/contoso/_packaging/internal/pypi/simple/"',
              after: '"https://mallory.example/simple/"',
            },
          ],
        },
      ],
      [
        "repository-05",
        {
          action: "update",
          type: "Subjects",
          name: "contoso/repository-05",
          properties: [
            {
              path: "subjectPrefix",
              before: '"repo:contoso/repository-05"',
              after: expect.stringMatching(/^"repo:contoso@\d+\/repository-05@\d+"$/),
            },
          ],
        },
      ],
      [
        "repository-07",
        {
          action: "delete",
          type: "ApplicationFederatedIdentityCredential",
          name: "access/reader/branch:main",
          properties: [],
        },
      ],
      [
        "repository-11",
        {
          action: "update",
          type: "FeedPermission",
          name: "access/reader/feed:internal",
          properties: [{ path: "role", before: '"reader"', after: '"contributor"' }],
        },
      ],
    ]);
    expect(store.snapshot()).toEqual(drifted);
  });

  test("is put right by an up that looks at the services first", async () => {
    const up = await report("up", "--yes", "--refresh", "--stacks", "repository-?3");
    const rest = await report(
      "up",
      "--yes",
      "--refresh",
      ...["05", "07", "11"].flatMap((end) => ["--stacks", `*-${end}`]),
    );
    const drift = await report("drift");

    expect(up.stacks.map(({ stack }) => stack)).toEqual(["repository-03"]);
    expect(up.exitCode).toBe(0);
    expect(outcomes(rest)).toEqual(all("changed", ["repository-05", "repository-07", "repository-11"]));
    expect(drift.exitCode).toBe(0);
    expect(outcomes(drift)).toEqual(all("same"));
  });

  test("has its bad stacks fail alone: a broken file before an engine starts, a missing feed in the engine", async () => {
    project.writeStack("repository-02", {
      ...settingsOf("repository-02"),
      feed: { organization: "contoso", name: "gone" },
    });
    project.writeStack("repository-05", { ...settingsOf("repository-05"), repository: "contoso" });
    project.sandbox.cloud.requests.clear();

    const preview = await report("preview", "--concurrency", "3");
    const broken = preview.stacks.find(({ stack }) => stack === "repository-05");
    const failed = preview.stacks.find(({ stack }) => stack === "repository-02");
    for (const stack of ["repository-02", "repository-05"]) project.writeStack(stack, settingsOf(stack));

    expect(preview.exitCode).toBe(1);
    expect(outcomes(preview)).toEqual({ ...all("same"), "repository-02": "failed", "repository-05": "broken" });
    expect(broken?.errors).toEqual([
      'stacks/Pulumi.repository-05.yaml: repository: got "contoso", expected OWNER/NAME, as in contoso/widgets',
    ]);
    expect(failed?.errors.join("\n")).toContain("there is no feed contoso/gone that this sign-in can see");
    expect(project.sandbox.cloud.requests.all().filter(({ path }) => path.includes("repository-05"))).toEqual([]);
  });

  test("is split into shards that have every stack once", async () => {
    const shards = [await report("drift", "--shard", "1/3"), await report("drift", "--shard", "3/3")];

    const names = shards.map((shard) => shard.stacks.map(({ stack }) => stack.slice(-2)));
    expect(names).toEqual([
      ["01", "04", "07", "10"],
      ["03", "06", "09", "12"],
    ]);
  });

  test("is refused for a name that no stack has", async () => {
    const { exitCode, stderr } = await fleet("preview", "--stacks", "repository-*", "--stacks", "repositroy-01");

    expect(exitCode).toBe(1);
    expect(stderr).toBe("--stacks: no stack matches repositroy-01");
  });

  test("keeps client secrets out of all that it says", async () => {
    const secretExpires = new Date(Date.now() + 90 * 24 * 3600 * 1000).toISOString().slice(0, 10);
    const reader = { role: "reader", trust: [{ branch: "main" }], signIn: "both", secretExpires };
    const subscriptionId = "7c1d3b5e-9a2f-4c8d-8e6b-1f0a2d4c6b8e";
    project.writeStack("repository-01", { ...settingsOf("repository-01"), subscriptionId, identities: { reader } });

    const [preview, up] = [
      await fleet("preview", "--stacks", "repository-01", "--markdown", join(project.folder, "summary.md")),
      await fleet("up", "--stacks", "repository-01", "--yes", "--json"),
    ];

    const secret = /[A-Za-z0-9~_-]{3}8Q~[A-Za-z0-9~._-]{20,}|"clientSecret|ciphertext/;
    expect([preview.exitCode, up.exitCode]).toEqual([2, 0]);
    expect(`${preview.stdout}${preview.stderr}${up.stdout}${up.stderr}`).not.toMatch(secret);
    expect(readFileSync(join(project.folder, "summary.md"), "utf8")).toContain(
      "ActionsSecret access/AZURE_CREDENTIALS",
    );
  });

  test("tells of a stack whose file is gone, and how it is removed", async () => {
    await project.succeed(["stack", "init", "retired"]);
    rmSync(join(project.folder, "stacks/Pulumi.retired.yaml"));

    const { exitCode, stdout } = await fleet("drift", "--stacks", "retired");

    expect(exitCode).toBe(2);
    expect(stdout).toBe(
      "retired: its file stacks/Pulumi.retired.yaml is gone, and nothing of it is left: npx pulumi stack rm retired\n" +
        "0 stacks; 1 stack without a file.",
    );
  });
});

describe("a new stack file", () => {
  const flags = ["--feed", "contoso/Data/Python", "--role", "contributor", "--environment", "release"];

  test("is written from what GitHub and the feed say, and can be previewed as it is", async () => {
    const init = await feedpass("init", "contoso/Widgets", ...flags);
    const preview = await report("preview", "--stacks", "contoso-widgets");

    const { config } = project.readStack("contoso-widgets") as { config: Record<string, unknown> };
    expect(init).toMatchObject({ exitCode: 0, stdout: "stacks/Pulumi.contoso-widgets.yaml" });
    expect(config["feedpass:repository"]).toBe("contoso/widgets");
    expect(config["feedpass:feed"]).toEqual({
      organization: "contoso",
      project: "data",
      name: "python",
      upstreams: true,
    });
    expect(outcomes(preview)).toEqual({ "contoso-widgets": "changed" });
  });

  test("is never written over another", async () => {
    const before = readFileSync(join(project.folder, "stacks/Pulumi.contoso-widgets.yaml"), "utf8");

    const { exitCode, stderr } = await feedpass("init", "contoso/widgets", ...flags);

    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "stacks/Pulumi.contoso-widgets.yaml is there already, and was left as it is; edit it, or name another stack with --stack",
    );
    expect(readFileSync(join(project.folder, "stacks/Pulumi.contoso-widgets.yaml"), "utf8")).toBe(before);
  });

  test("is refused for a feed that is not there, with those that are", async () => {
    const { exitCode, stderr } = await feedpass("init", "contoso/gadgets", "--feed", "contoso/python");

    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "there is no feed contoso/python that this sign-in can see; it sees contoso/data/python, contoso/internal, contoso/shared",
    );
  });
});
