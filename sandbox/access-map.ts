import Table from "cli-table3";

/** What one identity may do, and from where, as the services themselves have it. */
export interface AccessRow {
  readonly identity: string;
  readonly role: string;
  readonly whoMayUseIt: readonly string[];
  readonly variablesAt: readonly string[];
}

/** The access as a table for a terminal. */
export function renderAccess(rows: readonly AccessRow[]): string {
  const table = new Table({
    head: ["identity", "role on the feed", "who may use it", "its variables are at"],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    table.push([row.identity, row.role, row.whoMayUseIt.join("\n"), row.variablesAt.join("\n")]);
  }
  return table.toString();
}
