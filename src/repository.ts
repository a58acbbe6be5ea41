/** A GitHub repository, by name. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** `contoso/widgets` taken apart. The caller has checked that there is one slash. */
export function parseRepository(text: string): Repository {
  const [owner = "", name = ""] = text.split("/");
  return { owner, name };
}
