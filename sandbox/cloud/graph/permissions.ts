/**
 * Which application permission allows what on applications and service principals. `Application.ReadWrite.OwnedBy` reads
 * everything, creates, and changes what the caller owns.
 * https://learn.microsoft.com/graph/permissions-reference#applicationreadwriteownedby
 * https://learn.microsoft.com/graph/api/application-list#permissions
 */
const writesAll = new Set(["Application.ReadWrite.All", "Directory.ReadWrite.All"]);
const writesOwned = "Application.ReadWrite.OwnedBy";
const reads = new Set([...writesAll, writesOwned, "Application.Read.All", "Directory.Read.All"]);

/** Whether the roles allow to read applications, service principals and what belongs to them. */
export function mayRead(roles: readonly string[]): boolean {
  return roles.some((role) => reads.has(role));
}

/** Whether the roles allow to create one; its creator becomes its owner. */
export function mayCreate(roles: readonly string[]): boolean {
  return mayWrite(roles, true);
}

/** Whether the roles allow to change or delete one that the caller owns, or does not own. */
export function mayWrite(roles: readonly string[], owned: boolean): boolean {
  return roles.some((role) => writesAll.has(role) || (owned && role === writesOwned));
}

/** Whether the roles reach beyond what the caller owns. */
export function mayWriteAll(roles: readonly string[]): boolean {
  return mayWrite(roles, false);
}
