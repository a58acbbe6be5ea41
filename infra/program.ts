import * as pulumi from "@pulumi/pulumi";
import { RepositoryAccess } from "../src/components/repository-access.ts";
import { parseRepository } from "../src/repository.ts";
import { feedPath } from "../src/feed.ts";
import { ownFeed } from "../src/feed-roles.ts";
import { allAccessProblems } from "../src/settings/feed-rules.ts";
import { intendedRoles, knownOf, withUpstreams } from "../src/settings/meaning.ts";
import { pullRequestProblems } from "../src/settings/pull-request-rules.ts";
import type { Settings } from "../src/settings/schema.ts";
import { federationOf, judgeSubjects } from "../src/settings/subject-rules.ts";
import { byName } from "../src/table.ts";
import { connectAzureDevOps } from "./azure-devops/client.ts";
import { readSettings, refuse } from "./configuration.ts";
import { findFeeds } from "./feed.ts";
import { askFeeds } from "./feed-questions.ts";
import { askGitHub } from "./github.ts";
import { bindHooks } from "./hooks/bind.ts";
import { createProviders } from "./providers.ts";

/** Reads the stack's file, asks GitHub and Azure DevOps what it must know, and only then builds. The result is the stack's outputs. */
export async function program() {
  const written = readSettings();
  const repository = parseRepository(written.repository);
  const { subjects, problems } = await askGitHub(repository, written);
  const { template } = subjects;
  const ofPullRequests = pullRequestProblems(written, knownOf(written, { template }));
  refuse([...problems, ...judgeSubjects(written, subjects).problems, ...ofPullRequests]);

  const { owner } = repository;
  const { tenantId, issuer } = written;
  const { organization = "" } = byName(written.feeds, ownFeed) ?? {};
  const providers = createProviders({ owner, issuer, organization, tenantId });
  const feeds = await findFeeds(written.feeds, providers.azuredevops);
  const azureDevOps = connectAzureDevOps({ tenantId });
  const answers = await askFeeds(written, azureDevOps);
  const settings = withUpstreams(written, answers.upstreams);
  const judged = judgeSubjects(settings, subjects);
  refuse([
    ...answers.problems,
    ...allAccessProblems(settings),
    ...pullRequestProblems(settings, knownOf(settings, { template })),
    ...judged.problems,
  ]);
  for (const { path, text } of judged.warnings) await pulumi.log.warn(`${path}: ${text}`);
  await tellRoles(settings);

  const access = new RepositoryAccess(
    "access",
    {
      repository,
      subjectPrefix: subjects.prefix,
      subjects: { template: subjects.template, claims: subjects.claims, ...federationOf(settings) },
      tenantId,
      subscriptionId: settings.subscriptionId,
      feeds,
      identities: settings.identities,
      environments: settings.environments,
      removable: settings.removable,
    },
    {
      providers,
      transformations: [bindHooks({ owner, issuer, organization, feeds: Object.values(feeds), azureDevOps })],
    },
  );
  return {
    repository: settings.repository,
    subjectPrefix: subjects.prefix,
    ...(issuer === undefined ? {} : { issuer }),
    identities: access.identities,
    feeds: access.feeds,
  };
}

/** Says which role an identity has, and why, where the file says what the identity is for. */
async function tellRoles({ identities, feeds }: Settings): Promise<void> {
  for (const [name, identity] of Object.entries(identities)) {
    for (const [feed, { role, reason }] of Object.entries(intendedRoles(identity, feeds))) {
      const place = byName(feeds, feed);
      await pulumi.log.info(`identities.${name}: ${role}${place ? ` on ${feedPath(place)}` : ""}: ${reason}`);
    }
  }
}
