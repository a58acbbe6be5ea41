import { expect, test } from "vitest";
import { parse } from "yaml";
import { ownAction } from "../../../src/workflow/actions.ts";
import { NothingToPrintError } from "../../../src/workflow/nothing-to-print.ts";
import { workflowText } from "../../../src/workflow/workflow.ts";
import { planSettings } from "../../../src/variables.ts";
import { stack, stacks } from "./stacks.ts";

interface Step {
  readonly name: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly environment?: string;
        readonly needs?: string;
        readonly permissions: Readonly<Record<string, string>>;
        readonly steps: readonly Step[];
      }
    >
  >;
}

const action = ownAction("contoso/feedpass", "5733342f0b1c2d3e4f5061728394a5b6c7d8e9f0", "v1.0.0");
const cases = Object.entries(stacks);

test.each(cases)("%s: the workflow is the golden one", async (name, settings) => {
  await expect(workflowText(settings, action)).toMatchFileSnapshot(`golden/${name}.yml`);
});

test.each(cases)("%s: what is read is what the stack writes at that place", (_, settings) => {
  const written = planSettings(settings.identities, false);

  const { jobs } = parse(workflowText(settings, action)) as Workflow;

  for (const { environment, steps } of Object.values(jobs)) {
    const read = JSON.stringify(steps).match(/(?:vars|secrets)\.\w+/g) ?? [];
    const place = written
      .filter((setting) => setting.environment === environment)
      .map(({ kind, name }) => `${kind === "secret" ? "secrets" : "vars"}.${name}`);
    expect(read.length).toBeGreaterThan(0);
    expect(read.filter((name) => !place.includes(name))).toEqual([]);
  }
});

test.each(cases)("%s: nothing is granted to all jobs, and to each only what its steps use", (_, settings) => {
  const { permissions, jobs } = parse(workflowText(settings, action)) as Workflow;

  expect(permissions).toEqual({});
  for (const job of Object.values(jobs)) {
    const text = JSON.stringify(job.steps);
    expect(job.permissions).toEqual({
      ...(text.includes("actions/checkout@") ? { contents: "read" } : {}),
      ...(text.includes("client-id") ? { "id-token": "write" } : {}),
    });
  }
});

test.each(cases)("%s: only jobs that publish are told where to, and the last step of each cleans up", (_, settings) => {
  const { jobs } = parse(workflowText(settings, action)) as Workflow;

  for (const [id, { steps }] of Object.entries(jobs)) {
    const signIn = steps.find(({ name }) => name === "Sign in to the feed");
    const publishes = steps.some(({ run = "" }) => run.includes("twine upload"));
    expect(publishes).toBe(id.startsWith("publish"));
    expect("upload-url" in (signIn?.with ?? {})).toBe(publishes);
    expect(steps.at(-1)).toEqual({
      name: "Remove the credentials",
      if: "always()",
      uses: "contoso/feedpass/actions/azure-artifacts@5733342f0b1c2d3e4f5061728394a5b6c7d8e9f0",
      with: { mode: "cleanup" },
    });
  }
});

test.each(cases)("%s: every action is pinned by a commit, with its version behind it", (_, settings) => {
  const uses = workflowText(settings, action)
    .split("\n")
    .filter((line) => line.includes("uses:"));

  expect(uses.filter((line) => !/^ +uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test("an action without a version has no comment", () => {
  const text = workflowText(stacks["only-installs"], ownAction("contoso/feedpass", "5".repeat(40)));

  expect(text).toContain(`uses: contoso/feedpass/actions/azure-artifacts@${"5".repeat(40)}\n`);
});

test("a stack whose identities sign in nowhere but in a reusable workflow has no workflow of its own", () => {
  const settings = stack("reader: { role: reader, trust: [{ branch: main }] }");
  const trust = [{ workflow: "contoso/workflows/.github/workflows/publish.yml@refs/heads/main" }];
  const reusable = {
    ...settings,
    identities: { publisher: { roles: { feed: "contributor" }, signIn: "oidc", trust } },
  } as const;

  expect(() => workflowText(reusable as never, action)).toThrow(
    new NothingToPrintError(
      "no job may sign in: left out is publisher in contoso/workflows/.github/workflows/publish.yml@refs/heads/main: a reusable workflow signs in itself, and is called from here",
    ),
  );
});
