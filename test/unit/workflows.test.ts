import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

// Proves of the workflows' text what no run of them here can show: who runs which code, and in which order.

const root = new URL("../..", import.meta.url).pathname;
const folder = join(root, ".github/workflows");

interface Step {
  readonly name: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Job {
  readonly name: string;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const jobs = readdirSync(folder).flatMap((file) => {
  const workflow = parse(readFileSync(join(folder, file), "utf8")) as { readonly jobs: Readonly<Record<string, Job>> };
  return Object.entries(workflow.jobs).map(([id, job]) => ({ file, id, job }));
});
const jobOf = (wanted: string, id: string) =>
  jobs.find(({ file, ...job }) => file === `${wanted}.yml` && job.id === id)?.job ?? expect.unreachable();
const isSignIn = ({ uses = "" }: Step) => /^(azure\/login|actions\/create-github-app-token)@/.test(uses);

test.each(jobs.filter(({ job }) => job.environment !== undefined))(
  "$file: $id fetches the engine and its plugins before anybody signs in, and never afterwards",
  ({ job }) => {
    const fetching = job.steps.findIndex(({ run }) => run === "npm run engine:fetch");

    expect(fetching).toBeGreaterThan(0);
    expect(job.steps.slice(0, fetching).filter(isSignIn)).toEqual([]);
    expect(job.steps.slice(fetching).filter(isSignIn)).toHaveLength(2);
    expect(job.env?.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe("true");
  },
);

test.each(jobs.filter(({ file, job }) => file === "preview.yml" && "pull-requests" in job.permissions))(
  "preview.yml: $id may write on the pull request, and so has main's code alone",
  ({ job }) => {
    const checkouts = job.steps.filter(({ uses = "" }) => uses.startsWith("actions/checkout@"));

    expect(job.environment).toBeUndefined();
    expect(checkouts.map((step) => step.with?.ref)).toEqual(["refs/heads/main"]);
  },
);

test("the check of access is never skipped, as that would count as passed", () => {
  const access = jobOf("preview", "access");

  expect(access).toMatchObject({ name: "access", permissions: { contents: "read" } });
  expect([access.if, access.needs]).toEqual([undefined, undefined]);
});

test("what is deployed is what was approved", () => {
  const [checkout] = jobOf("deploy", "deploy").steps;

  expect(checkout?.with?.ref).toBe("$" + "{{ github.sha }}");
});

test.each(readdirSync(folder))("%s has nobody log more, as those logs have secrets in clear", (file) => {
  const lines = readFileSync(join(folder, file), "utf8")
    .split("\n")
    .filter((line) => !/^\s*#/.test(line));

  expect(
    lines.filter((line) => /--debug|--verbose|\s-v[= ]|PULUMI_DEBUG|TF_LOG|--logtostderr|--tracing/.test(line)),
  ).toEqual([]);
});

test("every path that has owners is there, and what decides has some", () => {
  const paths = readFileSync(join(root, ".github/CODEOWNERS"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/)[0] ?? "");

  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(paths).toEqual(
    expect.arrayContaining([
      ...["/.github/", "/src/", "/infra/", "/cli/", "/sdks/", "/actions/", "/sandbox/toolchain/", "/stacks/"],
      ...["/package.json", "/package-lock.json", "/engine-checksums.json", "/Pulumi.yaml"],
    ]),
  );
});
