import * as pulumi from "@pulumi/pulumi";
import { RepositoryAccess } from "../src/components/repository-access.ts";
import { parseRepository } from "../src/repository.ts";
import { roleReason } from "../src/settings/meaning.ts";
import type { Settings } from "../src/settings/schema.ts";
import { federationOf, judgeSubjects } from "../src/settings/subject-rules.ts";
import { connectAzureDevOps } from "./azure-devops/client.ts";
import { readSettings, refuse } from "./configuration.ts";
import { feedLocation, findFeed } from "./feed.ts";
import { askGitHub } from "./github.ts";
import { bindHooks } from "./hooks/bind.ts";
import { createProviders } from "./providers.ts";

/** Reads the stack's file, asks GitHub and Azure DevOps what it must know, and only then builds. The result is the stack's outputs. */
export async function program() {
  const settings = readSettings();
  const repository = parseRepository(settings.repository);
  const { subjects, problems } = await askGitHub(repository, settings);
  const judged = judgeSubjects(settings, subjects);
  refuse([...problems, ...judged.problems]);
  for (const { path, text } of judged.warnings) await pulumi.log.warn(`${path}: ${text}`);
  await tellRoles(settings);

  const feed = feedLocation(settings);
  const { owner } = repository;
  const providers = createProviders({ owner, organization: feed.organization, tenantId: settings.tenantId });
  const azureDevOps = connectAzureDevOps({ tenantId: settings.tenantId });
  const place = await findFeed(feed, settings.feed.create, providers.azuredevops);
  const access = new RepositoryAccess(
    "access",
    {
      repository,
      subjectPrefix: subjects.prefix,
      subjects: { template: subjects.template, claims: subjects.claims, ...federationOf(settings) },
      tenantId: settings.tenantId,
      subscriptionId: settings.subscriptionId,
      feed,
      place,
      identities: settings.identities,
      environments: settings.environments,
      removable: settings.removable,
    },
    { providers, transformations: [bindHooks({ owner, feed, azureDevOps })] },
  );
  return {
    repository: settings.repository,
    subjectPrefix: subjects.prefix,
    identities: access.identities,
    feedId: access.feedId,
    indexUrl: access.indexUrl,
    uploadUrl: access.uploadUrl,
  };
}

/** Says which role an identity has, and why, where the file says what the identity is for. */
async function tellRoles({ identities, feed }: Settings): Promise<void> {
  for (const [name, identity] of Object.entries(identities)) {
    const reason = roleReason(identity, feed);
    if (reason !== undefined) await pulumi.log.info(`identities.${name}: role ${identity.role}: ${reason}`);
  }
}
