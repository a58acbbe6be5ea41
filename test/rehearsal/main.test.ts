import { beforeAll, describe, expect, test } from "vitest";
import { deriveMatrix } from "../../sandbox/rehearsal/matrix.ts";
import { type Rehearsal, rehearse } from "../../sandbox/rehearsal/rehearse.ts";
import { renderRehearsal } from "../../sandbox/rehearsal/render.ts";
import type { PythonTools } from "../../sandbox/toolchain/python.ts";
import { findPythonTools } from "../support/python.ts";
import { allOutput, type AppliedStack, applyStack, seenLines } from "../support/rehearsal.ts";
import { widgets } from "../support/stacks.ts";

// Proves the main job end to end: what the real engine made of the example's file is what real pip, build and twine find,
// through the action's own scripts and the printed workflow; and that the rehearsal fails where it is not so.

const tools = await findPythonTools();

describe.skipIf(!tools)("the example", () => {
  let applied: AppliedStack;
  let rehearsal: Rehearsal;

  beforeAll(async () => {
    applied = await applyStack(widgets);
    rehearsal = await rehearse({ ...applied, tools: tools as PythonTools });
  });

  test("everything goes as the file says", () => {
    expect(seenLines(rehearsal)).toEqual([
      "publisher oidc | environment release, from tag v1 | sign in, install, save, publish",
      "publisher oidc | branch feedpass-rehearsal | -sign in",
      "publisher oidc | pull request | -sign in",
      "publisher oidc | pull request, from a fork | -sign in",
      "publisher oidc | environment feedpass-rehearsal, from branch main | -sign in",
      "publisher oidc | branch main | -sign in",
      "publisher oidc | environment release, from tag v1, of another repository | -sign in",
      "publisher oidc | environment Release, from tag v1 | -sign in",
      "publisher oidc | tag v1 | -sign in",
      "publisher oidc | environment release, from branch feedpass-rehearsal | -start",
      "publisher oidc | environment release, from tag v1, not approved | -start",
      "publisher oidc | environment release, from pull request | -start",
      "reader oidc | branch main | sign in, install, -save, -publish",
      "reader oidc | pull request | sign in, install, -save, -publish",
      "reader oidc | branch feedpass-rehearsal | -sign in",
      "reader oidc | pull request, from a fork | -sign in",
      "reader oidc | environment feedpass-rehearsal, from branch main | -sign in",
      "reader oidc | environment release, from tag v1 | -sign in",
      "reader oidc | branch main, of another repository | -sign in",
      "reader oidc | pull request, of another repository | -sign in",
      "reader oidc | branch Main | -sign in",
      "reader oidc | tag main | -sign in",
    ]);
    expect(rehearsal.agrees).toBe(true);
  });

  test("each refusal is the one that a person would see", () => {
    const label = (job: string) =>
      rehearsal.cases.find((tried) => tried.identity === "reader" && tried.job === job)?.checks[0]?.label;

    expect([
      label("branch feedpass-rehearsal"),
      label("branch Main"),
      label("pull request, from a fork"),
      label("branch main, of another repository"),
    ]).toEqual(["AADSTS700213", "AADSTS7002138", "no ID token", "AADSTS700213"]);
  });

  test("the printed workflow works on each of its events: install, build, check and publish", () => {
    const runs = rehearsal.workflow.map(({ identity, job, agrees, steps }) => [
      identity,
      job,
      agrees,
      steps.slice(1, -1),
    ]);

    expect(runs).toEqual([
      ["reader", "build, branch main", true, ["Install", "Build", "Check"]],
      ["publisher", "publish, tag v1", true, ["Build", "Check", "Publish"]],
      ["reader", "build, pull request", true, ["Install", "Build", "Check"]],
    ]);
  });

  test("the reader installs what the workflow has published", () => {
    const { published, cases } = rehearsal;
    const [log = ""] = cases
      .filter(({ identity, job }) => identity === "reader" && job === "branch main")
      .map((c) => c.log);

    expect(published?.name).toBe("feedpass-rehearsal-project");
    expect(log).toContain(
      `Successfully installed feedpass-rehearsal-core-1.0 ${published?.name}-${published?.version}`,
    );
  });

  test("no token is in any log, nor anything that GitHub would have to hide", () => {
    const output = allOutput(rehearsal);
    const logs = [...rehearsal.workflow, ...rehearsal.cases];

    expect(output.length).toBeGreaterThan(10_000);
    expect(output).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
    expect(output).not.toMatch(/ACTIONS_ID_TOKEN_REQUEST_TOKEN=|feedpass:[^*\s"@]+@pkgs/);
    expect(logs.map(({ revealed }) => revealed)).toEqual(logs.map(() => 0));
  });

  test("the table has a line for each job, and says where it was otherwise", () => {
    const shown = renderRehearsal(rehearsal, 160);
    const [first] = rehearsal.cases;
    const otherwise = first ? renderRehearsal({ ...rehearsal, cases: [{ ...first, agrees: false }] }, 160) : "";

    expect(shown).toContain("signs in, installs, saves from upstream, publishes");
    expect(shown).toContain("no sign-in (AADSTS7002138)");
    expect(shown).not.toContain("NOT SO");
    expect(otherwise).toContain("NOT SO: signs in");
    expect(otherwise).toContain("publisher, environment release, from tag v1: otherwise than the file says");
  });

  test("a wrong expectation is found", async () => {
    const wrong = await rehearse({
      ...applied,
      tools: tools as PythonTools,
      withWorkflow: false,
      matrix: (settings, upstreams) =>
        deriveMatrix(settings, upstreams)
          .filter(({ identity, job }) => identity === "reader" && job === "branch main")
          .map((tried) => ({
            ...tried,
            checks: tried.checks.map((check) => ({ ...check, expected: "works" as const })),
          })),
    });

    expect(wrong.cases.map(({ agrees }) => agrees)).toEqual([false]);
    expect(wrong.agrees).toBe(false);
  });

  test("more than the file gives is found: a role that is too much, and a stranger who is trusted", async () => {
    const tampered = await rehearse({
      ...applied,
      state: {
        ...applied.state,
        "azureDevOps.feedRoles": (applied.state["azureDevOps.feedRoles"] ?? []).map((role) =>
          "role" in role && role.role === "reader" ? { ...role, role: "contributor" } : role,
        ),
        "directory.federatedCredentials": (applied.state["directory.federatedCredentials"] ?? []).map((credential) =>
          "subject" in credential && String(credential.subject).endsWith(":pull_request")
            ? { ...credential, subject: "repo:contoso/widgets:ref:refs/heads/feedpass-rehearsal" }
            : credential,
        ),
      },
      tools: tools as PythonTools,
      withWorkflow: false,
      matrix: (settings, upstreams) =>
        deriveMatrix(settings, upstreams).filter(
          ({ identity, job }) =>
            identity === "reader" && ["branch main", "pull request", "branch feedpass-rehearsal"].includes(job),
        ),
    });

    expect(seenLines(tampered)).toEqual([
      "reader oidc | branch main | sign in, install, save, publish",
      "reader oidc | pull request | -sign in, ?install, ?save, ?publish",
      "reader oidc | branch feedpass-rehearsal | sign in",
    ]);
    expect(tampered.agrees).toBe(false);
  });
});
