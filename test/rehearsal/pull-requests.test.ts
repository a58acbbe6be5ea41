import { beforeAll, describe, expect, test } from "vitest";
import { deriveMatrix } from "../../sandbox/rehearsal/matrix.ts";
import { rehearse } from "../../sandbox/rehearsal/rehearse.ts";
import type { PythonTools } from "../../sandbox/toolchain/python.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { findPythonTools } from "../support/python.ts";
import { type AppliedStack, applyStack, seenLines } from "../support/rehearsal.ts";
import { widgets } from "../support/stacks.ts";

// Proves that pull requests are tried in the environments that let them in, and that one which publishes fails the
// rehearsal unless the file takes that on.

const tools = await findPythonTools();
const merges = { deployFrom: { branches: ["main", "refs/pull/*/merge"] } };

const open = {
  ...widgets,
  identities: {
    ci: { role: "reader", trust: [{ environment: "ci" }] },
    writer: { role: "contributor", acceptedRisks: ["pullRequestWrites"], trust: [{ environment: "drafts" }] },
  },
  environments: { ci: merges, drafts: merges },
};

describe.skipIf(!tools)("environments that let pull requests in", () => {
  let applied: AppliedStack;

  beforeAll(async () => {
    applied = await applyStack(open);
  });

  const tryPullRequests = (settings: Settings) =>
    rehearse({
      ...applied,
      settings,
      tools: tools as PythonTools,
      withWorkflow: false,
      matrix: (...given) =>
        deriveMatrix(...given).filter(({ scene: { event, environment } }) => event === "pull_request" && environment),
    });

  test("are tried, and may what the roles say where the file takes it on", async () => {
    const rehearsal = await tryPullRequests(applied.settings);

    expect(seenLines(rehearsal)).toEqual([
      "ci oidc | environment ci, from pull request | sign in, install, -save, -publish",
      "writer oidc | environment drafts, from pull request | sign in, install, save, publish",
    ]);
    expect(rehearsal.agrees).toBe(true);
  });

  test("fail the rehearsal where it does not, since one publishes", async () => {
    const { ci, writer } = applied.settings.identities;
    const identities = { ci, writer: { ...writer, acceptedRisks: undefined } } as Settings["identities"];

    const rehearsal = await tryPullRequests({ ...applied.settings, identities });

    expect(rehearsal.cases.map(({ identity, agrees }) => [identity, agrees])).toEqual([
      ["ci", true],
      ["writer", false],
    ]);
    expect(rehearsal.agrees).toBe(false);
  });
});
