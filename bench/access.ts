// npx tsx bench/access.ts: what `feedpass access` costs for a thousand stack files, against reading and parsing them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import Table from "cli-table3";
import { execa } from "execa";
import { alternate, spread } from "./measure.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = 1000;
const changed = 10;
const runs = 7;

/** Seconds by what was done, one for each run. */
export type AccessTimes = Readonly<Record<string, readonly number[]>>;

/** Measures the installed command, as a process of its own, in a git checkout with a thousand stack files. */
export async function benchAccess(): Promise<AccessTimes> {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-bench-access-"));
  try {
    await createCheckout(folder);
    const feedpass = (...parameters: readonly string[]) =>
      execa(process.execPath, [join(root, "cli/feedpass.js"), "access", "--json", ...parameters], { cwd: folder });
    const lines = (JSON.parse((await feedpass("--diff", "HEAD")).stdout) as { changes: unknown[] }).changes.length;
    if (lines !== changed) throw new Error(`expected a line for each of ${changed} changed files, got ${lines}`);
    return await alternate(runs, {
      "node -e 0": () => execa(process.execPath, ["-e", "0"]),
      "feedpass --help": () => execa(process.execPath, [join(root, "cli/feedpass.js"), "--help"]),
      [`read and parse ${files} files`]: () => execa(process.execPath, ["--eval", floor], { cwd: folder }),
      [`access, ${files} files`]: () => feedpass(),
      [`access --diff, ${changed} of ${files} changed`]: () => feedpass("--diff", "HEAD"),
      [`access --diff, all of ${files} new`]: () => feedpass("--diff", "HEAD~1"),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The least that must be done: a process that loads the YAML parser, reads every file and parses it. */
const floor = `
  const { parse } = require(${JSON.stringify(join(root, "node_modules/yaml"))});
  const { readdirSync, readFileSync } = require("node:fs");
  for (const name of readdirSync("stacks")) parse(readFileSync("stacks/" + name, "utf8"));
`;

/** A first commit without stacks, a second with all of them, and changes in the working tree. */
async function createCheckout(folder: string): Promise<void> {
  const git = (...parameters: readonly string[]) =>
    execa("git", ["-c", "user.name=Bench", "-c", "user.email=bench@example.com", ...parameters], { cwd: folder });
  await git("init", "--quiet");
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: feedpass\nruntime: nodejs\nconfig: { tenantId: 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42, organization: contoso }\n",
  );
  await git("add", "--all");
  await git("-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "No stacks");
  mkdirSync(join(folder, "stacks"));
  for (let index = 0; index < files; index++) writeStack(folder, index, "reader");
  await git("add", "--all");
  await git("-c", "commit.gpgsign=false", "commit", "--quiet", "--message", `${files} stacks`);
  for (let index = 0; index < changed; index++) writeStack(folder, index, "collaborator");
}

function writeStack(folder: string, index: number, role: string): void {
  const text = `# yaml-language-server: $schema=settings.schema.json
config:
  feedpass:repository: contoso/repository-${index}
  feedpass:feed:
    project: data
    name: python-${index % 20}
  feedpass:identities:
    reader:
      role: ${role} # reader | collaborator | contributor
      trust:
        - branch: main
        - pullRequest: true
      acceptedRisks: [pullRequestWrites]
    publisher:
      role: contributor
      trust:
        - environment: release
  feedpass:environments:
    release:
      reviewers:
        teams: [release-managers]
      deployFrom:
        tags: ["v*"]
`;
  writeFileSync(join(folder, "stacks", `Pulumi.contoso-repository-${index}.yaml`), text);
}

/** The times as a table: the fastest and the slowest run beside the one in the middle. */
export function accessTable(times: AccessTimes): string {
  const table = new Table({ head: ["seconds", "median", "least", "most"], style: { head: [], border: [] } });
  for (const [what, seconds] of Object.entries(times)) {
    const { median, least, most } = spread(seconds);
    table.push([what, ...[median, least, most].map((value) => value.toFixed(2))]);
  }
  return table.toString();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(accessTable(await benchAccess()));
