import { changeLine } from "../../src/access/change.ts";
import { accessChanges } from "../../src/access/changes.ts";
import { statesSince } from "../access/states.ts";
import type { Project } from "../project.ts";
import type { AccessLine } from "./report.ts";

/** What the files change of the access since a commit, by stack, the most dangerous first. */
export async function accessLines(
  project: Project,
  reference: string,
  today: string,
): Promise<ReadonlyMap<string, readonly AccessLine[]>> {
  const { before, after } = await statesSince(project, reference, today);
  const lines = new Map<string, AccessLine[]>();
  for (const change of accessChanges(before, after)) {
    const line = { text: changeLine(change), escalation: change.escalation };
    lines.set(change.stack, [...(lines.get(change.stack) ?? []), line]);
  }
  return lines;
}
