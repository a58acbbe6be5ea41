import { describe, expect, test } from "vitest";
import { type Case, deriveMatrix } from "../../../sandbox/rehearsal/matrix.ts";
import { checkSettings } from "../../../src/settings/read.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { widgets } from "../../support/stacks.ts";

// Proves what is expected of each job by what a stack file says. That it is so is for the rehearsal itself to prove.

const tenantId = "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42";

function settingsOf(changes: Readonly<Record<string, unknown>>): Settings {
  const { settings, problems } = checkSettings({ ...widgets, tenantId, ...changes }, "2026-11-24");
  if (settings === undefined) throw new Error(JSON.stringify(problems));
  return settings;
}

const reader = (changes: Readonly<Record<string, unknown>>) => ({
  identities: { reader: { role: "reader", trust: [{ branch: "main" }], ...changes } },
  environments: {},
});

/** `job: check, check` with a minus before what is refused. */
const lines = (cases: readonly Case[]) =>
  cases.map(({ identity, way, job, checks }) => {
    const all = checks.map(({ action, expected }) => (expected === "works" ? action : `-${action}`));
    return `${identity} ${way} | ${job} | ${all.join(", ")}`;
  });

test("the example's jobs, allowed and refused", () => {
  const matrix = lines(deriveMatrix(settingsOf({}), new Set(["feed"])));

  expect(matrix).toEqual([
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
  ]);
});

test.each([
  ["reader", "sign in, install, -save, -publish"],
  ["collaborator", "sign in, install, save, -publish"],
  ["contributor", "sign in, install, save, publish"],
])("a %s may: %s", (role, expected) => {
  const [own] = deriveMatrix(settingsOf(reader({ role })), new Set(["feed"]));

  expect(own && lines([own])).toEqual([`reader oidc | branch main | ${expected}`]);
});

test("nothing is saved where the feed has no upstream sources", () => {
  const [own] = deriveMatrix(settingsOf(reader({})), new Set());

  expect(own?.checks.map(({ action }) => action)).toEqual(["sign in", "install", "publish"]);
});

test("each expectation says why", () => {
  const [own, ...others] = deriveMatrix(settingsOf(reader({})), new Set(["feed"]));

  expect(own?.checks.map(({ why }) => why)).toEqual([
    "reader trusts branch main",
    "a reader may install",
    "a reader may not save packages from upstream sources",
    "a reader may not publish",
  ]);
  expect(others.map(({ checks }) => checks[0]?.why)).toEqual([
    "no trust entry is for that branch",
    "pull requests are not trusted",
    "GitHub gives a fork neither an ID token nor secrets",
    "a job with an environment is that environment's, whatever its branch",
    "what is trusted is this repository's alone",
    "subjects are case-sensitive",
    "a branch and a tag of one name are not the same",
  ]);
});

describe("with a secret", () => {
  const secret = { signIn: "secret", secretExpires: "2027-06-30" };

  test("at the repository, every job that is given it signs in", () => {
    const matrix = deriveMatrix(settingsOf(reader(secret)), new Set());

    expect(lines(matrix)).toEqual([
      "reader secret | branch main | sign in, install, -publish",
      "reader secret | branch feedpass-rehearsal | sign in",
      "reader secret | pull request | sign in",
      "reader secret | pull request, from a fork | -sign in",
      "reader secret | environment feedpass-rehearsal, from branch main | sign in",
      "reader secret | branch main, of another repository | -sign in",
      "reader secret | tag main | sign in",
    ]);
    expect(matrix[1]?.checks[0]?.why).toBe("a secret asks for nothing: every job that is given it signs in");
    expect(matrix[3]?.checks[0]?.why).toBe("GitHub gives the job no such secret");
  });

  test("at an environment, only its jobs sign in, and its rules come first", () => {
    const publisher = { role: "contributor", trust: [{ environment: "release" }], ...secret };
    const matrix = lines(deriveMatrix(settingsOf({ identities: { publisher } }), new Set()));

    expect(matrix).toEqual([
      "publisher secret | environment release, from tag v1 | sign in, install, publish",
      "publisher secret | branch feedpass-rehearsal | -sign in",
      "publisher secret | pull request | -sign in",
      "publisher secret | pull request, from a fork | -sign in",
      "publisher secret | environment feedpass-rehearsal, from branch main | -sign in",
      "publisher secret | environment release, from tag v1, of another repository | -sign in",
      "publisher secret | tag v1 | -sign in",
      "publisher secret | environment release, from branch feedpass-rehearsal | -start",
      "publisher secret | environment release, from tag v1, not approved | -start",
    ]);
  });

  test("a job that would find another identity's secret of the same name is not tried", () => {
    const identities = {
      reader: { role: "reader", trust: [{ branch: "main" }], ...secret },
      publisher: { role: "contributor", trust: [{ environment: "release" }], ...secret },
    };
    const matrix = deriveMatrix(settingsOf({ identities }), new Set()).filter(({ identity }) => identity === "reader");

    expect(matrix.map(({ job }) => job)).not.toContain("environment release, from tag v1");
  });

  test("both ways are tried where both are there", () => {
    const matrix = deriveMatrix(settingsOf(reader({ ...secret, signIn: "both" })), new Set());

    expect(new Set(matrix.map(({ way }) => way))).toEqual(new Set(["oidc", "secret"]));
  });
});

test("an environment that nothing protects is trusted whatever deploys to it", () => {
  const acceptedRisks = ["pullRequestWrites"];
  const publisher = { role: "contributor", trust: [{ environment: "release" }], acceptedRisks };
  const matrix = deriveMatrix(settingsOf({ identities: { publisher }, environments: { release: {} } }), new Set());

  const from = matrix.find(({ job }) => job === "environment release, from branch feedpass-rehearsal");
  expect(from?.checks).toEqual([{ action: "sign in", expected: "works", why: "publisher trusts environment release" }]);
});

test("of an environment that the file does not make nobody knows what may deploy to it", () => {
  const publisher = { role: "contributor", trust: [{ environment: "release" }] };
  const matrix = deriveMatrix(settingsOf({ identities: { publisher }, environments: {} }), new Set());

  expect(matrix.map(({ job }) => job)).not.toContain("environment release, from branch feedpass-rehearsal");
});

test("a job that one entry is not for may be trusted by another", () => {
  const trust = [{ branch: "main" }, { branch: "Main" }, { tag: "main" }];
  const matrix = lines(deriveMatrix(settingsOf(reader({ trust })), new Set()));

  expect(matrix.slice(0, 3)).toEqual([
    "reader oidc | branch main | sign in, install, -publish",
    "reader oidc | branch Main | sign in, install, -publish",
    "reader oidc | tag main | sign in, install, -publish",
  ]);
  expect(matrix.filter((line) => line.includes("| branch Main |"))).toHaveLength(1);
});
