/** A stack file trusts nobody for whom the wanted file would be. The message says why, and what would change that. */
export class NothingToPrintError extends Error {
  override readonly name = "NothingToPrintError";
}
