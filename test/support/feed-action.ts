import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { type Cloud, createCloud } from "../../sandbox/cloud/cloud.ts";
import { seedDirectory } from "../../sandbox/cloud/entra/seed.ts";
import { type JobRequest, startJob } from "../../sandbox/cloud/github/oidc/start-job.ts";
import { allServices } from "../../sandbox/cloud/services.ts";
import { seedContoso } from "../../sandbox/contoso.ts";
import type { Environment } from "../../sandbox/environment.ts";
import { openInternet } from "../../sandbox/internet.ts";

const actionFolder = new URL("../../actions/azure-artifacts", import.meta.url).pathname;

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly run: string; readonly env: Readonly<Record<string, string>> }[];
  };
}

const action = parse(readFileSync(join(actionFolder, "action.yml"), "utf8")) as ActionFile;

/** The addresses of contoso's feed `python`. */
export const indexUrl = "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/simple/";
export const uploadUrl = "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/upload";

/** A job on a push to main, with the permissions of the printed workflow. */
const pushToMain: JobRequest = {
  repository: "contoso/widgets",
  event: "push",
  ref: "refs/heads/main",
  workflow: ".github/workflows/package.yml",
  permissions: { contents: "read", "id-token": "write" },
  actor: "ada",
};

/** What a run of the action did. */
export interface ActionRun {
  readonly exitCode: number;
  /** Standard output and standard error, in the order in which they came. */
  readonly output: string;
  /** What it wrote to GITHUB_ENV. */
  readonly variables: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** One job on a runner: a home of its own, and the means to ask for ID tokens where the job has them. */
export interface RunnerJob {
  readonly home: string;
  readonly requestToken: string | undefined;
  /** Runs the action as its action.yml says, with these inputs, and the defaults for the others. */
  run(inputs: Readonly<Record<string, string>>, environment?: Environment): Promise<ActionRun>;
}

/** The emulated cloud with Contoso in it, and one identity that its jobs may sign in as. */
export interface ActionWorld {
  readonly cloud: Cloud;
  /** The certificate authority of the emulated services, which a job trusts by SSL_CERT_FILE. */
  readonly authorityFile: string;
  readonly tenantId: string;
  /** Trusts the branch main and the environment `Release`, and has a secret too. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** The inputs for sign-in without a secret, as a workflow passes them. */
  readonly inputs: Readonly<Record<string, string>>;
  startJob(request?: Partial<JobRequest>): RunnerJob;
  close(): Promise<void>;
}

export async function createActionWorld(): Promise<ActionWorld> {
  const cloud = createCloud({ services: allServices });
  const { tenantId } = await seedContoso(cloud.store);
  const clientSecret = `secret+/&=%${crypto.randomUUID()}`;
  const issuer = "https://token.actions.githubusercontent.com";
  const prefix = "repo:contoso/widgets";
  const [identity] = seedDirectory(cloud.store, {
    tenants: [],
    applications: [
      {
        tenantId,
        displayName: "feedpass contoso/widgets publisher",
        password: clientSecret,
        federatedCredentials: [
          { name: "branch-main", issuer, subject: `${prefix}:ref:refs/heads/main` },
          { name: "environment-Release", issuer, subject: `${prefix}:environment:Release` },
        ],
      },
    ],
  }).applications;
  if (identity === undefined) throw new Error("the seed makes one application");
  const internet = await openInternet(cloud, () => undefined);
  const folder = mkdtempSync(join(tmpdir(), "feedpass-action-"));
  const authorityFile = join(folder, "authority.pem");
  writeFileSync(authorityFile, internet.authority);
  const path = await commandPath();
  const runner = { PATH: path, HTTPS_PROXY: internet.proxyUrl, SSL_CERT_FILE: authorityFile };
  return {
    cloud,
    authorityFile,
    tenantId,
    clientId: identity.appId,
    clientSecret,
    inputs: { "client-id": identity.appId, "tenant-id": tenantId, "index-url": indexUrl, "upload-url": uploadUrl },
    startJob(request = {}) {
      const context = { store: cloud.store, now: Date.now, fetch: cloud.fetch };
      const { requestUrl, requestToken } = startJob(context, { ...pushToMain, ...request });
      const home = mkdtempSync(join(folder, "home-"));
      const job = {
        HOME: home,
        ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      };
      return {
        home,
        requestToken,
        run: (inputs, environment = {}) => runAction(home, inputs, { ...runner, ...job, ...environment }),
      };
    },
    async close() {
      await internet.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Python as itself: a version manager's stand-in for it looks into the home folder, which is another one here. */
async function commandPath(): Promise<string> {
  const { stdout } = await execa("python3", ["-c", "import sys; print(sys.executable)"]);
  return [dirname(stdout), process.env.PATH].join(delimiter);
}

async function runAction(
  home: string,
  inputs: Readonly<Record<string, string>>,
  environment: Environment,
): Promise<ActionRun> {
  const unknown = Object.keys(inputs).filter((name) => !(name in action.inputs));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(", ")}`);
  const [step, ...others] = action.runs.steps;
  if (step === undefined || others.length > 0) throw new Error("the action has one step");
  const files = mkdtempSync(join(home, "..", "files-"));
  const [variableFile, outputFile] = [join(files, "env"), join(files, "output")];
  for (const file of [variableFile, outputFile]) writeFileSync(file, "");
  const given = Object.entries(step.env).map(([name, template]) => [
    name,
    template.replace(
      /^\$\{\{ inputs\.([a-z-]+) \}\}$/,
      (_, input) => inputs[input] ?? action.inputs[input]?.default ?? "",
    ),
  ]);
  const all: Environment = {
    ...environment,
    ...Object.fromEntries(given),
    GITHUB_ACTION_PATH: actionFolder,
    GITHUB_ENV: variableFile,
    GITHUB_OUTPUT: outputFile,
  };
  // `shell: bash`, as the runner runs it.
  const { exitCode = -1, all: output } = await execa(
    "bash",
    ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step.run],
    {
      env: Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      extendEnv: false,
      reject: false,
      all: true,
    },
  );
  const stepOutputs = readPairs(outputFile);
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    value.replace(/^\$\{\{ steps\.feed\.outputs\.([a-z-]+) \}\}$/, (_, output) => stepOutputs[output] ?? ""),
  ]);
  return { exitCode, output, variables: readPairs(variableFile), outputs: Object.fromEntries(outputs) };
}

/** A file of `NAME=value` lines. */
function readPairs(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = `not a pair: ${line}`, value = ""] = /^([^=]+)=(.*)$/.exec(line) ?? [];
      return [name, value];
    }),
  );
}

/** The lines that a runner shows: it swallows the ones that mask. */
export function shownLines(output: string): string[] {
  return output.split("\n").filter((line) => !line.startsWith("::add-mask::"));
}

/** What the lines that mask hide. */
export function maskedValues(output: string): string[] {
  return output.split("\n").flatMap((line) => /^::add-mask::(.*)$/.exec(line)?.slice(1) ?? []);
}
