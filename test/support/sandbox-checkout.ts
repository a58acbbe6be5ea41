import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const root = new URL("../..", import.meta.url).pathname;

/** A command inside, as a program: asks GitHub for a variable's value, or gives it one. Ends with 1 where GitHub refuses. */
const client = `
import { readFileSync } from "node:fs";
import { ProxyAgent, request } from "undici";
const [method, name, value] = process.argv.slice(2);
const ca = readFileSync(process.env.SSL_CERT_FILE);
const dispatcher = new ProxyAgent({ uri: process.env.HTTPS_PROXY, requestTls: { ca } });
const variables = "https://api.github.com/repos/contoso/widgets/actions/variables";
const headers = { Authorization: "Bearer " + process.env.GITHUB_TOKEN, "User-Agent": "test" };
const body = JSON.stringify({ name, value });
const { statusCode, body: answer } = await (method === "set"
  ? request(variables, { method: "POST", headers, body, dispatcher })
  : request(variables + "/" + name, { headers, dispatcher }));
const text = await answer.text();
process.stdout.write(statusCode + " " + (method === "get" ? JSON.parse(text).value : "") + "\\n");
process.exit(statusCode < 300 ? 0 : 1);
`;

/** This checkout's sandbox as a user starts it, with a state of its own. */
export interface SandboxCheckout {
  readonly folder: string;
  /** A file of `.sandbox`. */
  kept(name: string): string;
  /** The process of `npm run sandbox -- WORDS`, without npm. Its output is not read from a terminal. */
  start(...words: readonly string[]): SandboxProcess;
  /** A command inside that gives GitHub's `contoso/widgets` a variable. */
  set(name: string, value: string): SandboxProcess;
  /** A command inside that asks for it. */
  get(name: string): SandboxProcess;
  close(): void;
}

export type SandboxProcess = ReturnType<typeof startProcess>;

export function openSandboxCheckout(): SandboxCheckout {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-checkout-"));
  cpSync(join(root, "sandbox"), join(folder, "sandbox"), { recursive: true });
  for (const shared of ["src", "infra", "sdks", "cli", "node_modules", "package.json", "Pulumi.yaml", "stacks"]) {
    symlinkSync(join(root, shared), join(folder, shared));
  }
  const program = join(folder, "client.mjs");
  writeFileSync(program, client);
  const start = (...words: readonly string[]) => startProcess(folder, words);
  return {
    ...{ folder, start },
    kept: (name) => join(folder, ".sandbox", name),
    set: (name, value) => start("node", program, "set", name, value),
    get: (name) => start("node", program, "get", name),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function startProcess(folder: string, words: readonly string[]) {
  return execa(process.execPath, ["--import", "tsx", "sandbox/main.ts", ...words], {
    cwd: folder,
    reject: false,
    all: true,
    // A busy machine takes its time.
    forceKillAfterDelay: false,
  });
}

/** Waits until a process has said something. @throws Error where it ends without that */
export function told(sandbox: SandboxProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    sandbox.all.on("data", (part: Buffer) => {
      text += part.toString();
      if (text.includes(words)) resolve();
    });
    sandbox.all.on("end", () => reject(new Error(`ended without ${JSON.stringify(words)}:\n${text}`)));
  });
}
