import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { main } from "../../../cli/main.ts";

/** A project in a git checkout of its own, gone when the test is. */
export interface Checkout {
  readonly folder: string;
  write(path: string, text: string): void;
  remove(path: string): void;
  /** Commits everything. */
  commit(): void;
  git(...parameters: readonly string[]): string;
}

export const projectFile = [
  "name: feedpass",
  "runtime: nodejs",
  "stackConfigDir: stacks",
  "config:",
  "  feedpass:tenantId: { type: string, default: 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42 }",
  "  feedpass:organization: contoso",
  "",
].join("\n");

/** The text of a stack file: a reader on main, and whatever else. */
export function stackFile(repository: string, more = "", feed = "{ project: data, name: python }"): string {
  return [
    "config:",
    `  feedpass:repository: ${repository}`,
    `  feedpass:feed: ${feed}`,
    "  feedpass:identities:",
    "    reader: { role: reader, trust: [{ branch: main }] }",
    ...(more === "" ? [] : [more]),
    "",
  ].join("\n");
}

/** @param root where the project is in the checkout */
export function createCheckout(root = "."): Checkout {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "feedpass-cli-")));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const folder = join(top, root);
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  const git = (...parameters: readonly string[]) =>
    execFileSync("git", [...identity, ...parameters], { cwd: top, encoding: "utf8", stdio: "pipe" });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  git("init", "--quiet", "--initial-branch", "main");
  write("Pulumi.yaml", projectFile);
  return {
    folder,
    write,
    remove: (path) => rmSync(join(folder, path)),
    commit: () => {
      git("add", "--all");
      git("commit", "--quiet", "--message", "A state");
    },
    git,
  };
}

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, as if in a folder. */
export async function feedpass(folder: string, ...parameters: readonly string[]): Promise<Ended> {
  const stdout = captured(process.stdout);
  const stderr = captured(process.stderr);
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
  try {
    const exitCode = await main(["node", "feedpass", ...parameters]);
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    for (const spy of [stdout, stderr, cwd]) spy.mockRestore();
  }
}

function captured(stream: NodeJS.WriteStream): { text(): string; mockRestore(): void } {
  let written = "";
  const spy = vi.spyOn(stream, "write").mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
  return { text: () => written, mockRestore: () => spy.mockRestore() };
}
