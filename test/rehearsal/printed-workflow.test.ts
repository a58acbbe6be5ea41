import { describe, expect, test } from "vitest";
import { rehearse } from "../../sandbox/rehearsal/rehearse.ts";
import type { PythonTools } from "../../sandbox/toolchain/python.ts";
import { findPythonTools } from "../support/python.ts";
import { applyStack } from "../support/rehearsal.ts";

// Proves that the printed workflow of environments whose patterns overlap publishes each version once, from the environment
// that is meant, and that the pull requests of an environment that takes them are started, with the real clients.

const tools = await findPythonTools();

const library = {
  tenantId: "11111111-2222-3333-4444-555555555555",
  repository: "contoso/My.App_Lib",
  feed: { organization: "contoso", project: "data", name: "python", upstreams: true },
  identities: {
    pr: { pull: true, acceptedRisks: ["pullRequestWrites"], trust: [{ environment: "ci-pr" }] },
    stable: { publish: true, trust: [{ tag: "v*" }, { environment: "pypi/stable" }] },
    preview: { publish: true, trust: [{ environment: "Release Candidate 🚀" }] },
  },
  environments: {
    "ci-pr": { deployFrom: { branches: ["main", "refs/pull/*/merge"] } },
    "pypi/stable": { deployFrom: { tags: ["v*"] } },
    "Release Candidate 🚀": { deployFrom: { tags: ["v*-rc*"] } },
  },
};

describe.skipIf(!tools)("a printed workflow", () => {
  test("starts each job where it may, and publishes each version once", async () => {
    const applied = await applyStack(library);

    const { workflow, agrees } = await rehearse({ ...applied, tools: tools as PythonTools, matrix: () => [] });

    expect(workflow.map(({ job, agrees, said }) => [job, agrees, said])).toEqual([
      ["build-pr-ci-pr, branch main", true, ""],
      ["build-stable, tag v1", true, ""],
      ["publish-stable-pypi-stable, tag v1", true, ""],
      ["build-stable, tag v1-rc1", true, ""],
      ["publish-preview-Release-Candidate, tag v1-rc1", true, ""],
      ["build-pr-ci-pr, pull request", true, ""],
    ]);
    expect(agrees).toBe(true);
  });
});
