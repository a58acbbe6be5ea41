import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves that what is changed behind the engine's back is shown by a refresh that changes nothing, and mended by an up.

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
  project.writeStack("widgets", widgets);
  await project.succeed(["stack", "init", "widgets"]);
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
});

afterAll(() => project.close());

interface Drift {
  readonly what: string;
  /** Changes a service by hand. */
  readonly change: (project: TestProject) => void;
  /** What the refresh has to name. */
  readonly shows: RegExp;
  /** What is there again after the up. */
  readonly mended: (project: TestProject) => unknown;
}

const credentials = ({ sandbox }: TestProject) => directory(sandbox.cloud.store).federatedCredentials;
const feedRoles = ({ sandbox }: TestProject) => azureDevOpsData(sandbox.cloud.store).feedRoles;
const environments = ({ sandbox }: TestProject) => gitHubData(sandbox.cloud.store).environments;
const variables = ({ sandbox }: TestProject) => gitHubData(sandbox.cloud.store).variables;

const drifts: readonly Drift[] = [
  {
    what: "a changed subject at Entra",
    change(project) {
      const main = credentials(project).find(({ name }) => name === "branch-main");
      credentials(project).update(main?.id ?? "", { subject: "repo:mallory/widgets:ref:refs/heads/main" });
    },
    shows: /~ .*ApplicationFederatedIdentityCredential.*access\/reader\/branch:main.*subject/,
    mended: (project) =>
      credentials(project)
        .filter(({ name }) => name === "branch-main")
        .map(({ subject }) => subject),
  },
  {
    what: "a deleted credential at Entra",
    change(project) {
      credentials(project).deleteWhere(({ name }) => name === "pull-request");
    },
    shows: /- .*ApplicationFederatedIdentityCredential.*access\/reader\/pullRequest/,
    mended: (project) => credentials(project).filter(({ name }) => name === "pull-request").length,
  },
  {
    what: "a removed feed role at Azure DevOps",
    change(project) {
      feedRoles(project).deleteWhere(({ role }) => role === "contributor");
    },
    shows: /- .*FeedPermission.*access\/publisher/,
    mended: (project) => feedRoles(project).filter(({ role }) => role === "contributor").length,
  },
  {
    what: "a widened feed role at Azure DevOps",
    change(project) {
      const [reader] = feedRoles(project).filter(
        ({ role, subjectId }) => role === "reader" && isPrincipal(project, subjectId),
      );
      feedRoles(project).update(reader?.id ?? "", { role: "administrator" });
    },
    shows: /~ .*FeedPermission.*access\/reader.*role/,
    mended: (project) => feedRoles(project).filter(({ role }) => role === "administrator").length,
  },
  {
    what: "an edited variable at GitHub",
    change(project) {
      const [index] = variables(project).filter(({ name }) => name === "AZURE_ARTIFACTS_INDEX_URL");
      variables(project).update(index?.id ?? "", { value: "https://mallory.example/simple/" });
    },
    shows: /~ .*Variable.*AZURE_ARTIFACTS_INDEX_URL.*value/,
    mended: (project) => variables(project).filter(({ value }) => value.includes("mallory")).length,
  },
  {
    what: "a protection that administrators may pass by at GitHub",
    change(project) {
      const [release] = environments(project).all();
      environments(project).update(release?.id ?? "", { canAdminsBypass: true });
    },
    shows: /~ .*RepositoryEnvironment.*access\/environment:release.*canAdminsBypass/,
    mended: (project) =>
      environments(project)
        .all()
        .map(({ canAdminsBypass }) => canAdminsBypass),
  },
];

function isPrincipal({ sandbox }: TestProject, subjectId: string): boolean {
  return azureDevOpsData(sandbox.cloud.store).subjects.get(subjectId)?.kind === "servicePrincipal";
}

describe.each(drifts)("$what", ({ change, shows, mended }) => {
  test("is shown by a refresh, which changes nothing, and mended by an up", async () => {
    const expected = mended(project);
    change(project);
    const drifted = project.sandbox.cloud.store.snapshot();

    const refresh = await project.pulumi(["refresh", "--stack", "widgets", "--preview-only", "--expect-no-changes"]);
    const untouched = project.sandbox.cloud.store.snapshot();
    await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview", "--refresh"]);
    const after = await project.pulumi(["refresh", "--stack", "widgets", "--preview-only", "--expect-no-changes"]);

    expect(refresh.exitCode).not.toBe(0);
    expect(refresh.output).toMatch(shows);
    expect(untouched).toEqual(drifted);
    expect(mended(project)).toEqual(expected);
    expect(after.exitCode).toBe(0);
  });
});
