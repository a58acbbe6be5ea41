import { RepositoryAccess } from "../src/components/repository-access.ts";
import { parseRepository } from "../src/repository.ts";
import { subjectProblems } from "../src/settings/rules.ts";
import { refuse, readSettings } from "./configuration.ts";
import { askGitHub } from "./github.ts";
import { createProviders } from "./providers.ts";

/** Reads the stack's file, asks GitHub what it must know, and only then builds. The result is the stack's outputs. */
export async function program() {
  const settings = readSettings();
  const repository = parseRepository(settings.repository);
  const known = await askGitHub(repository, settings);
  refuse([...known.problems, ...subjectProblems(settings, known.subjectPrefix)]);

  const { organization = "" } = settings.feed.organization === undefined ? settings : settings.feed;
  const access = new RepositoryAccess(
    "access",
    {
      repository,
      subjectPrefix: known.subjectPrefix,
      tenantId: settings.tenantId,
      subscriptionId: settings.subscriptionId,
      feed: {
        organization,
        name: settings.feed.name,
        ...(settings.feed.project ? { project: settings.feed.project } : {}),
      },
      createFeed: settings.feed.create,
      identities: settings.identities,
      environments: settings.environments,
      removable: settings.removable,
    },
    { providers: createProviders({ owner: repository.owner, organization, tenantId: settings.tenantId }) },
  );
  return {
    repository: settings.repository,
    subjectPrefix: known.subjectPrefix,
    identities: access.identities,
    feedId: access.feedId,
    indexUrl: access.indexUrl,
    uploadUrl: access.uploadUrl,
  };
}
