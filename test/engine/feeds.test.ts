import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import { nameInUrn } from "../../src/names.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves that the program asks Azure DevOps what decides on access, refuses what could not work or gives too much, and that
// feeds which come and go leave each other alone.

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
});

afterAll(() => project.close());

const { environments: _environments, feed, ...common } = widgets;
const onMain = [{ branch: "main" }];

async function previewed(name: string, settings: Readonly<Record<string, unknown>>) {
  project.writeOnlyStack(name, { ...common, ...settings });
  await project.succeed(["stack", "init", name]);
  return project.pulumi(["preview", "--stack", name]);
}

describe("what the file does not say is asked", () => {
  test("a feed with upstreams takes a collaborator to pull from, one without a reader", async () => {
    const identities = { reader: { pull: true, trust: onMain } };

    const upstreams = await previewed("with-upstreams", { feed, identities });
    const none = await previewed("without", { feed: { name: "internal" }, identities });

    expect(upstreams.output).toContain(
      "identities.reader: collaborator on contoso/data/python: pulling takes the role that saves packages from the feed's upstreams",
    );
    expect(none.output).toContain(
      "identities.reader: reader on contoso/internal: pulling takes no more where the feed has no upstreams",
    );
    expect([upstreams.exitCode, none.exitCode]).toEqual([0, 0]);
  });

  test("pull requests that turn out to save from upstreams are refused", async () => {
    const identities = { reader: { pull: true, trust: [{ pullRequest: true }] } };

    const { exitCode, output } = await previewed("pull-requests", { feed, identities });

    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      "identities.reader.trust[0]: trusts pull requests: whoever can open one could write to the feed, with the role collaborator",
    );
  });

  test("several feeds of which one turns out to have public packages are refused", async () => {
    const identities = { reader: { role: "reader", feeds: { inside: "reader" }, trust: onMain } };

    const { exitCode, output } = await previewed("mixed", {
      feed,
      feeds: { inside: { name: "internal" } },
      identities,
    });

    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      "stacks/Pulumi.mixed.yaml: identities.reader.feeds: installs from contoso/data/python, which has upstream sources, beside contoso/internal: whoever publishes the name of a private package in public",
    );
  });

  test.each([
    ["Prerelease", "the view Prerelease of contoso/data/python is for specific people, and no provider can name more"],
    ["Stable", 'got "Stable", expected a view of contoso/data/python: Local, Prerelease or Release'],
  ])("the view %s that nobody could install through is refused", async (view, problem) => {
    const identities = { reader: { role: "reader", trust: onMain } };

    const { exitCode, output } = await previewed(`view-${view}`, { feed: { ...feed, view }, identities });

    expect(exitCode).not.toBe(0);
    expect(output).toContain(`stacks/Pulumi.view-${view}.yaml: feed.view: ${problem}`);
  });

  test("and nothing is, where it decides nothing", async () => {
    const { requests } = project.sandbox.cloud;
    requests.clear();

    const { exitCode } = await previewed("nothing-to-ask", {
      feed,
      identities: { reader: { role: "reader", trust: onMain } },
    });

    // The provider looks feeds up too: by the ids of projects.
    const asked = requests.all().map(({ host, path }) => host + path);
    expect(exitCode).toBe(0);
    expect(asked.filter((address) => address.includes("/contoso/data/_apis/packaging/feeds/"))).toEqual([]);
  });
});

test("every feed that is not there is told", async () => {
  const identities = { reader: { role: "reader", feeds: { other: "reader" }, trust: onMain } };

  const { exitCode, output } = await previewed("missing", {
    feed: { name: "nowhere" },
    feeds: { other: { project: "data", name: "neither" } },
    identities,
  });

  expect(exitCode).not.toBe(0);
  expect(output).toContain("2 problems in stacks/Pulumi.missing.yaml, nothing was changed:");
  expect(output).toContain("feed: there is no feed contoso/nowhere that this sign-in can see");
  expect(output).toContain(
    "feeds.other: there is no feed contoso/data/neither that this sign-in can see; it was looked for in the project data; a feed of the organization needs no feeds.other.project",
  );
});

describe("feeds come and go", () => {
  beforeAll(async () => {
    project.writeOnlyStack("widgets", { ...common, feed, identities: { reader: { role: "reader", trust: onMain } } });
    await project.succeed(["stack", "init", "widgets"]);
    await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
  });

  /** What an up with these settings does, by operation and logical name. */
  async function stepsOfUp(settings: Readonly<Record<string, unknown>>): Promise<string[]> {
    project.writeOnlyStack("widgets", { ...common, ...settings });
    const preview = await project.succeed(["preview", "--stack", "widgets", "--json"]);
    const { steps } = JSON.parse(preview.slice(preview.indexOf("{"))) as { steps: { op: string; urn: string }[] };
    await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
    const changes = steps.filter(({ op }) => op !== "same");
    return changes.map(({ op, urn }) => `${op} ${nameInUrn(urn)}`).sort();
  }

  const web = { inside: { name: "internal" } };
  const both = { reader: { role: "reader", feeds: { inside: "reader" }, trust: onMain } };

  test("a further feed is a role and a variable more", async () => {
    const steps = await stepsOfUp({
      feed,
      feeds: web,
      identities: { reader: { ...both.reader, acceptedRisks: ["dependencyConfusion"] } },
    });

    expect(steps).toEqual(["create access/AZURE_ARTIFACTS_EXTRA_INDEX_URL", "create access/reader/feed:internal"]);
  });

  test("another name for a feed, and which of them comes first, change nothing but the addresses", async () => {
    const steps = await stepsOfUp({
      feed: { name: "internal" },
      feeds: { outside: { project: "data", name: "python" } },
      identities: {
        reader: { role: "reader", feeds: { outside: "reader" }, trust: onMain, acceptedRisks: ["dependencyConfusion"] },
      },
    });

    expect(steps).toEqual([
      "update access/AZURE_ARTIFACTS_EXTRA_INDEX_URL",
      "update access/AZURE_ARTIFACTS_INDEX_URL",
      "update access/AZURE_ARTIFACTS_UPLOAD_URL",
    ]);
  });

  test("a view in the place of a feed takes its role away", async () => {
    const steps = await stepsOfUp({
      feed: { name: "internal" },
      feeds: { stable: { project: "data", name: "python", view: "Release" } },
      identities: { reader: { role: "reader", feeds: { stable: "pull" }, trust: onMain } },
    });

    const { feedRoles, feeds } = azureDevOpsData(project.sandbox.cloud.store);
    const python = feeds.find(({ name }) => name === "python");
    expect(steps).toEqual(["delete access/reader/feed:data/python", "update access/AZURE_ARTIFACTS_EXTRA_INDEX_URL"]);
    expect(feedRoles.filter(({ feedId, role }) => feedId === python?.id && role === "reader")).toEqual([]);
  });

  test("and the last one goes with its project", async () => {
    const steps = await stepsOfUp({
      feed: { name: "internal" },
      identities: { reader: { role: "reader", trust: onMain } },
    });

    expect(steps).toEqual(["delete access/AZURE_ARTIFACTS_EXTRA_INDEX_URL", "delete access/reader/project:data"]);
  });
});
