import { beforeAll, describe, expect, test } from "vitest";
import { readSecret } from "../../sandbox/cloud/github/job-settings.ts";
import { Store } from "../../sandbox/cloud/store.ts";
import { type Rehearsal, rehearse } from "../../sandbox/rehearsal/rehearse.ts";
import type { PythonTools } from "../../sandbox/toolchain/python.ts";
import { findPythonTools } from "../support/python.ts";
import { allOutput, type AppliedStack, applyStack, seenLines } from "../support/rehearsal.ts";
import { widgets } from "../support/stacks.ts";

// Proves sign-in with a client secret, which the stack writes and only some jobs are given: the printed workflow, the
// roles, and who is refused. It also shows what a secret at the repository costs: every job that is given it signs in.

const tools = await findPythonTools();
const inTwoMonths = new Date(Date.now() + 60 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
const secret = { signIn: "secret", secretExpires: inTwoMonths };

describe.skipIf(!tools)("the example with secrets", () => {
  let rehearsal: Rehearsal;
  let secrets: readonly string[] = [];

  beforeAll(async () => {
    const { reader, publisher } = widgets.identities;
    const applied = await applyStack({
      ...widgets,
      identities: {
        reader: { ...reader, ...secret, variablePrefix: "READER_" },
        publisher: { ...publisher, ...secret },
      },
    });
    secrets = readSecrets(applied);
    rehearsal = await rehearse({ ...applied, tools: tools as PythonTools });
  });

  test("everything goes as the file says", () => {
    expect(seenLines(rehearsal)).toEqual([
      "publisher secret | environment release, from tag v1 | sign in, install, save, publish",
      "publisher secret | branch feedpass-rehearsal | -sign in",
      "publisher secret | pull request | -sign in",
      "publisher secret | pull request, from a fork | -sign in",
      "publisher secret | environment feedpass-rehearsal, from branch main | -sign in",
      "publisher secret | branch main | -sign in",
      "publisher secret | environment release, from tag v1, of another repository | -sign in",
      "publisher secret | tag v1 | -sign in",
      "publisher secret | environment release, from branch feedpass-rehearsal | -start",
      "publisher secret | environment release, from tag v1, not approved | -start",
      "publisher secret | environment release, from pull request | -start",
      "reader secret | branch main | sign in, install, -save, -publish",
      "reader secret | pull request | sign in, install, -save, -publish",
      "reader secret | branch feedpass-rehearsal | sign in",
      "reader secret | pull request, from a fork | -sign in",
      "reader secret | environment feedpass-rehearsal, from branch main | sign in",
      "reader secret | environment release, from tag v1 | sign in",
      "reader secret | branch main, of another repository | -sign in",
      "reader secret | pull request, of another repository | -sign in",
      "reader secret | tag main | sign in",
    ]);
    expect(rehearsal.agrees).toBe(true);
  });

  test("the printed workflow works on each of its events", () => {
    expect(rehearsal.workflow.map(({ identity, job, said }) => [identity, job, said])).toEqual([
      ["reader", "build, branch main", ""],
      ["publisher", "publish, tag v1", ""],
      ["reader", "build, pull request", ""],
    ]);
  });

  test("neither a token nor the secret is in any log, nor did GitHub have to hide it", () => {
    const output = allOutput(rehearsal);
    const logs = [...rehearsal.workflow, ...rehearsal.cases];

    expect(secrets.map((one) => one.length > 30)).toEqual([true, true]);
    expect(secrets.filter((one) => output.includes(one))).toEqual([]);
    expect(output).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
    expect(output).toContain("Signed in with a client secret");
    expect(logs.map(({ revealed }) => revealed)).toEqual(logs.map(() => 0));
  });
});

/** The client secrets that the stack wrote into GitHub. */
function readSecrets({ state }: AppliedStack): string[] {
  const store = new Store();
  store.restore(state);
  const repository = "contoso/widgets";
  const written = [
    readSecret(store, { repository }, "READER_AZURE_CREDENTIALS"),
    readSecret(store, { repository, environment: "release" }, "AZURE_CREDENTIALS"),
  ];
  return written.map((text = "{}") => String(JSON.parse(text).clientSecret));
}
