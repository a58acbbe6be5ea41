import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { gitHubData } from "../sandbox/cloud/github/data.ts";
import { seedGitHub } from "../sandbox/cloud/github/seed.ts";
import type { Store } from "../sandbox/cloud/store.ts";
import { platformPermissions } from "../sandbox/contoso.ts";
import type { TestProject } from "../test/support/project.ts";

/** A home of the engine without the logs of earlier runs, which every start of the engine looks through. */
export interface EngineHome {
  forgetLogs(): void;
  remove(): void;
}

/** Makes it the home of whatever this process starts from now on. The engine itself stays where it is. */
export function useEngineHome(): EngineHome {
  const from = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  const folder = mkdtempSync(join(tmpdir(), "feedpass-bench-home-"));
  for (const part of ["versions", "plugins"]) {
    if (existsSync(join(from, part))) symlinkSync(join(from, part), join(folder, part));
  }
  process.env.PULUMI_HOME = folder;
  return {
    forgetLogs: () => rmSync(join(folder, "logs"), { recursive: true, force: true }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Writes the stacks' files, as the README's example: an identity that reads, one that publishes, an environment. */
export async function writeStacks(project: TestProject, stacks: readonly string[]): Promise<void> {
  seedGitHub(project.sandbox.cloud.store, { repositories: stacks.map((name) => ({ owner: "contoso", name })) });
  const salt = await makeSalt(project);
  for (const stack of stacks) {
    project.writeStack(stack, {
      repository: `contoso/${stack}`,
      feed: { organization: "contoso", project: "data", name: "python" },
      identities: {
        reader: { role: "reader", trust: [{ branch: "main" }, { pullRequest: true }] },
        publisher: { role: "contributor", trust: [{ environment: "release" }] },
      },
      environments: { release: { deployFrom: { tags: ["v*"] } } },
      removable: true,
    });
    appendFileSync(join(project.folder, `stacks/Pulumi.${stack}.yaml`), salt);
  }
}

/** The line that `pulumi stack init` adds to a stack's file, as a team commits it. */
async function makeSalt(project: TestProject): Promise<string> {
  await project.succeed(["stack", "init", "salt"]);
  await project.succeed(["stack", "rm", "salt", "--yes", "--preserve-config"]);
  const file = join(project.folder, "stacks/Pulumi.salt.yaml");
  const text = readFileSync(file, "utf8");
  rmSync(file);
  return text;
}

/** A project beside it, in the same backend, whose one stack `empty` has nothing. @returns its folder */
export async function makeEmptyProject(project: TestProject): Promise<string> {
  const folder = join(project.folder, "empty");
  mkdirSync(folder);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: empty\nruntime: nodejs\n");
  await project.succeed(["stack", "init", "empty", "--cwd", folder]);
  return folder;
}

/** Somebody changes where these repositories' jobs install from. */
export function makeDrift(store: Store, stacks: readonly string[]): void {
  const { repositories, variables } = gitHubData(store);
  for (const stack of stacks) {
    const repository = repositories.find(({ name }) => name === stack);
    const variable = variables.find(
      ({ name, scope }) => name === "AZURE_ARTIFACTS_INDEX_URL" && scope.split(/\D+/).includes(repository?.id ?? ""),
    );
    if (variable === undefined) throw new Error(`${stack} has no variable to change`);
    variables.update(variable.id, { value: "https://mallory.example/simple/" });
  }
}

/** @returns the token of another owner of the organization at GitHub, who has requests left */
export function addOwner(store: Store): string {
  const { organizations } = gitHubData(store);
  const login = `owner-${randomBytes(4).toString("hex")}`;
  const token = `github_pat_${randomBytes(30).toString("hex")}`;
  const ids = seedGitHub(store, { users: [{ login }] }).users;
  const contoso = organizations.find((organization) => organization.login === "contoso");
  if (contoso === undefined) throw new Error("the sandbox has no contoso");
  organizations.update(contoso.id, { members: [...contoso.members, { userId: String(ids[login]), role: "admin" }] });
  seedGitHub(store, {
    tokens: [{ token, kind: "fine-grained", user: login, resourceOwner: "contoso", permissions: platformPermissions }],
  });
  return token;
}
