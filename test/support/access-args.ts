import type { FeedPlace } from "../../src/components/feed-lookup.ts";
import type { FeedRole } from "../../src/feed.ts";
import type { RepositoryAccessArgs } from "../../src/components/repository-access.ts";
import type { Identity } from "../../src/variables.ts";
import type { Registered } from "./mocks.ts";

/** An identity that reads from main, with what a test changes of it. Its role is the one on the stack's own feed. */
export function identity({
  role = "reader",
  ...changes
}: Partial<Identity> & { readonly role?: FeedRole } = {}): Identity {
  return { roles: { feed: role }, trust: [{ branch: "main" }], signIn: "oidc", ...changes };
}

/** What Azure DevOps says of the feed python of the project data. */
export const feedOfProject: FeedPlace = {
  feedId: "id of feed python",
  project: { projectId: "id of project data", readersGroup: "vssgp of Readers in id of project data" },
};

/** The access of one reader to a feed of a project, with what a test changes of it. */
export function accessArgs(changes: Partial<RepositoryAccessArgs>): RepositoryAccessArgs {
  return {
    repository: { owner: "contoso", name: "widgets" },
    subjectPrefix: "repo:contoso/widgets",
    tenantId: "tenant id",
    feeds: { feed: { location: { organization: "contoso", project: "data", name: "python" }, place: feedOfProject } },
    identities: { reader: identity() },
    ...changes,
  };
}

/** The inputs of all resources of one type, by their names. `type` is the last part of the token: `Feed`. */
export function inputsOf(resources: readonly Registered[], type: string): Record<string, Registered["inputs"]> {
  const wanted = resources.filter((resource) => resource.type.endsWith(`:${type}`));
  return Object.fromEntries(wanted.map(({ name, inputs }) => [name, inputs]));
}
