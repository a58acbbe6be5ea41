import { describe, expect, test } from "vitest";
import { rehearse } from "../../sandbox/rehearsal/rehearse.ts";
import type { PythonTools } from "../../sandbox/toolchain/python.ts";
import { findPythonTools } from "../support/python.ts";
import { applyStack, seenLines } from "../support/rehearsal.ts";

// Proves that jobs install from several feeds at once, see of a view what was promoted to it and nothing else, and publish
// to one feed; and that an enterprise's own issuer is the one that counts. Nobody has seen this company before.

const tools = await findPythonTools();

const yak = {
  tenantId: "11111111-2222-3333-4444-555555555555",
  repository: "fabrikam-herd/yak",
  issuer: "https://token.actions.githubusercontent.com/fabrikam",
  feed: { organization: "fabrikam-artifacts", project: "herd", name: "wool" },
  feeds: {
    common: { name: "common", view: "Release" },
    tools: { project: "herd", name: "tools", upstreams: false },
  },
  identities: {
    reader: { pull: true, feeds: { common: "pull", tools: "reader" }, trust: [{ branch: "main" }] },
    publisher: { feeds: { tools: "publish", common: "pull" }, trust: [{ environment: "release" }] },
    viewer: { feeds: { common: "pull" }, variablePrefix: "VIEW_", trust: [{ tag: "stable" }] },
  },
  environments: { release: { deployFrom: { branches: ["main"] } } },
};

describe.skipIf(!tools)("several feeds", () => {
  test("are installed from together, and published to alone", async () => {
    const rehearsal = await rehearse({ ...(await applyStack(yak)), tools: tools as PythonTools });

    const own = seenLines(rehearsal).filter((line) => / \| sign in, /.test(line));
    expect(own).toEqual([
      "publisher oidc | environment release, from branch main | sign in, install from common, -install draft from common, install from tools, publish",
      "reader oidc | branch main | sign in, install from feed, install from common, -install draft from common, install from tools, -publish",
      "viewer oidc | tag stable | sign in, install from common, -install draft from common, -publish",
    ]);
    expect(rehearsal.workflow.map(({ job, agrees }) => [job, agrees])).toEqual(
      rehearsal.workflow.map(({ job }) => [job, true]),
    );
    expect(rehearsal.agrees).toBe(true);
  });
});
