import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineCommand } from "../engine-command.ts";

/**
 * Beside each file of a backend that is a folder, the engine's storage keeps one with its attributes, `STACK.json.attrs`.
 * It is written anew with each state, first emptied, so that a kill at that moment leaves it empty: then every command says
 * "EOF", for all stacks, and for ever. Without the file all is well, and the next state writes it again.
 * https://github.com/google/go-cloud/blob/master/blob/fileblob/attrs.go
 * @param words what the engine said when it refused
 * @param say hears of each file that was taken away
 * @returns whether any was; never for a backend that is no folder
 */
export async function mendAttributes(
  engine: EngineCommand,
  words: string,
  say: (line: string) => void,
): Promise<boolean> {
  if (!/\bEOF$/.test(words)) return false;
  const url = process.env.PULUMI_BACKEND_URL || (await askBackend(engine));
  if (!url.startsWith("file:")) return false;
  const folder = join(fileURLToPath(withHome(url).split("?")[0] ?? url), ".pulumi");
  const emptied = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".attrs"))
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.size === 0);
  for (const file of emptied) {
    rmSync(file, { force: true });
    say(`${file} was empty, as a kill leaves it: it was taken away`);
  }
  return emptied.length > 0;
}

async function askBackend(engine: EngineCommand): Promise<string> {
  const { url = "" }: { url?: string } = JSON.parse(await engine(["whoami", "--json"]));
  return url;
}

/** The engine takes `file://~` for the home. */
function withHome(url: string): string {
  return url.replace(/^file:\/\/~/, `file://${process.env.HOME ?? ""}`);
}
