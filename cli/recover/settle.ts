import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineCommand, EngineRefusal } from "../engine-command.ts";
import { nameInUrn } from "../../src/names.ts";
import type { FindMade, Made } from "./made.ts";
import { resourceWords, type StackState, type StateResource } from "./state.ts";

/**
 * Brings a stack's state to an end with what was being made when an engine was killed. The engine keeps that for ever: an
 * up warns of it, and a refresh asks a person on a terminal. Its own flag `--import-pending-creates URN ID` takes nothing
 * into the state (3.259.0 only drops the operation), so what is there is imported as `pulumi import` does it, and the rest
 * is cleared. An up alone would take most of it as the stack's own, but only what the file still names: a credential that
 * the file has lost meanwhile would stay, and nobody would see it.
 * @returns what was done, a line each
 * @throws EngineRefusal where the engine cannot do it
 */
export async function settlePending(
  engine: EngineCommand,
  stack: string,
  state: StackState,
  find: FindMade,
): Promise<string[]> {
  const inState = new Set(state.resources.map(({ urn }) => urn));
  const lines: string[] = [];
  const imports: Import[] = [];
  for (const pending of state.pendingCreates) {
    const what = resourceWords(pending);
    // An up has made it since then, or it was to take another's place: what is there may be what is in use.
    if (inState.has(pending.urn)) {
      lines.push(`${what}: the state has it, so that it is no longer waited for`);
      continue;
    }
    const made = await answerOf(find, pending);
    if (typeof made === "string")
      lines.push(`${what}: nobody could tell whether it was made (${made}); the up asks again`);
    else if (made === undefined) lines.push(`${what}: not made, or the up takes it over; it is no longer waited for`);
    else if ("takeAway" in made) {
      await made.takeAway();
      lines.push(`${what}: it was made, and nobody knows its value: it was taken away`);
    } else imports.push({ pending, importId: made.importId });
  }
  lines.push(...(await importAll(engine, stack, imports)));
  await engine(["refresh", "--stack", stack, "--yes", "--skip-preview", "--clear-pending-creates"]);
  return lines;
}

interface Import {
  readonly pending: StateResource;
  readonly importId: string;
}

async function answerOf(find: FindMade, pending: StateResource): Promise<Made | string> {
  try {
    return await find(pending);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** One run of the engine for all of them. https://www.pulumi.com/docs/iac/guides/migration/import/#bulk-import-operations */
async function importAll(engine: EngineCommand, stack: string, imports: readonly Import[]): Promise<string[]> {
  if (imports.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), "feedpass-import-"));
  try {
    const file = join(folder, "import.json");
    writeFileSync(file, JSON.stringify(importFile(imports)));
    const options = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
    await engine(["import", "--stack", stack, "--file", file, ...options]);
    return imports.map(
      ({ pending, importId }) => `${resourceWords(pending)}: it was made, and is in the state now as ${importId}`,
    );
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    // The up takes as its own what it can, and refuses the rest with the command for a person.
    return [`the state could not take in what was made (${error.message}); the up asks for it again`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function importFile(imports: readonly Import[]) {
  const nameTable: Record<string, string> = {};
  const named = (urn: string | undefined, kind: string, at: number) => {
    if (urn === undefined) return {};
    nameTable[`${kind}-${at}`] = urn;
    return { [kind]: `${kind}-${at}` };
  };
  const resources = imports.map(({ pending, importId }, at) => ({
    type: pending.type,
    name: nameInUrn(pending.urn),
    id: importId,
    ...named(pending.parent, "parent", at),
    // A provider is referred to as URN::ID.
    ...named(pending.provider?.split("::").slice(0, -1).join("::"), "provider", at),
  }));
  return { nameTable, resources };
}
