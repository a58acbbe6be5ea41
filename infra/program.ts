import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { RepositoryAccess } from "../src/components/repository-access.ts";
import { parseRepository } from "../src/repository.ts";
import { feedPath } from "../src/feed.ts";
import { ownFeed } from "../src/feed-roles.ts";
import { allAccessProblems } from "../src/settings/feed-rules.ts";
import { intendedRoles, knownOf, withUpstreams } from "../src/settings/meaning.ts";
import { pullRequestProblems } from "../src/settings/pull-request-rules.ts";
import type { Settings } from "../src/settings/schema.ts";
import { endWarning, hasEnded, secretEnds, unmakeable } from "../src/settings/secret-end.ts";
import { federationOf, judgeSubjects } from "../src/settings/subject-rules.ts";
import { byName } from "../src/table.ts";
import { type AzureDevOps, connectAzureDevOps } from "./azure-devops/client.ts";
import { tellClientSecrets } from "./client-secrets.ts";
import { readSettings, refusal, refuse } from "./configuration.ts";
import { findFeeds } from "./feed.ts";
import { askFeeds } from "./feed-questions.ts";
import { connect } from "./github/connect.ts";
import { askGitHub } from "./github/facts.ts";
import { connectGraph } from "./graph.ts";
import { bindHooks } from "./hooks/bind.ts";
import { bindOrder } from "./hooks/bind-order.ts";
import { machineNetwork, Unanswered } from "./network.ts";
import { findOwnApplications, type Own, type OwnQuestion } from "./own/applications.ts";
import { withoutSecret } from "./own/secrets.ts";
import { readState } from "./own/state.ts";
import { type Patience, usualPatience } from "./patience.ts";
import { doubleProblems } from "./project-files.ts";
import { createAzureDevOpsProvider, createProviders } from "./providers.ts";
import { presentDay } from "./today.ts";

/** The name of the component that is the root of the tree. */
const root = "access";

/**
 * Reads the stack's file, asks GitHub and Azure DevOps everything that it takes for granted, tells all that is wrong at
 * once, and only then builds. The result is the stack's outputs.
 * @param folder the project's. Default: the engine tells it
 */
export async function program(folder = pulumi.getRootDirectory()) {
  const today = presentDay();
  const written = readSettings(folder, today);
  const repository = parseRepository(written.repository);
  const { owner } = repository;
  const { tenantId, issuer } = written;
  const { organization = "" } = byName(written.feeds, ownFeed) ?? {};
  const scope = { owner, issuer, organization, tenantId };
  const patience = tellingPatience();
  const network = machineNetwork(patience);
  const azureDevOps = connectAzureDevOps({ tenantId, network });
  const graph = connectGraph({ tenantId, network });
  const azureDevOpsProvider = createAzureDevOpsProvider(scope);
  const gitHub = connect(issuer, patience);
  const askedGitHub = askGitHub(repository, written, gitHub);
  const stateRead = readState();
  const asked = Promise.all([askedGitHub, askAzureDevOps(written, azureDevOpsProvider, azureDevOps), stateRead]);
  const madeSubjects = askedGitHub.then(({ subjects }) => subjects);
  const foundOwn = stateRead.then((state) =>
    findOwn({ root, repository, settings: written, subjects: madeSubjects, state, graph }),
  );
  // Told only once the file itself is right.
  foundOwn.catch(() => undefined);
  // Read while the services answer.
  const doubles = doubleProblems(folder, pulumi.getStack(), written);
  const [facts, answers, state] = await asked;
  const { subjects, reviewerIds } = facts;
  const { feeds } = answers;
  const settings = withUpstreams(written, answers.upstreams);
  const judged = judgeSubjects(settings, subjects);
  const known = { template: subjects.template, environments: facts.environments };
  const ends = secretEnds(settings.identities, today);
  const neverMade = withoutSecret(ends.filter(hasEnded), state, root);
  refuse([
    ...doubles,
    ...facts.problems,
    ...answers.problems,
    ...allAccessProblems(settings),
    ...pullRequestProblems(settings, knownOf(settings, known)),
    ...judged.problems,
    ...neverMade.map((end) => unmakeable(end, today)),
  ]);
  for (const { path, text } of [...facts.warnings, ...judged.warnings, ...ends.map(endWarning)])
    await pulumi.log.warn(`${path}: ${text}`);
  await tellRoles(settings);
  const own = await foundOwn;
  refuse(own.problems);

  const access = new RepositoryAccess(
    root,
    {
      repository,
      subjectPrefix: subjects.prefix,
      subjects: { template: subjects.template, claims: subjects.claims, ...federationOf(settings) },
      tenantId,
      subscriptionId: settings.subscriptionId,
      feeds,
      identities: settings.identities,
      environments: settings.environments,
      reviewerIds,
      removable: settings.removable,
    },
    {
      providers: createProviders(scope, azureDevOpsProvider),
      transformations: [
        bindHooks(
          { owner, issuer, gitHub, organization, feeds: Object.values(feeds), azureDevOps, graph },
          own.imports,
        ),
        bindOrder({ repository, gitHub, environments: settings.environments }, graph),
      ],
    },
  );
  tellClientSecrets(access.clientSecrets);
  return {
    repository: settings.repository,
    subjectPrefix: subjects.prefix,
    ...(issuer === undefined ? {} : { issuer }),
    identities: access.identities,
    feeds: access.feeds,
  };
}

/** Says in the run's own log what a service makes it wait for; hooks and questions wait outside of it. */
function tellingPatience(): Patience {
  const inProgram = AsyncLocalStorage.snapshot();
  return { ...usualPatience, tell: (text) => void inProgram(() => pulumi.log.info(text)) };
}

/** The feeds, and what a file leaves to be asked of them. */
async function askAzureDevOps(written: Settings, provider: pulumi.ProviderResource, azureDevOps: AzureDevOps) {
  const answers = askFeeds(written, azureDevOps);
  // A feed that is not there is told by what looks for it, in better words than by what asks about it.
  answers.catch(() => undefined);
  const { feeds, problems } = await findFeeds(written.feeds, provider);
  if (problems.length > 0) return { feeds, problems, upstreams: {} };
  return { feeds, ...(await answers) };
}

/** What an up that failed, or a state that was lost, has left. Whoever only previews may be somebody who may not ask. */
async function findOwn(question: OwnQuestion): Promise<Own> {
  try {
    return await findOwnApplications(question);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    if (!pulumi.runtime.isDryRun()) {
      throw refusal([{ path: "identities", text: `Entra could not be asked what is there already: ${error.message}` }]);
    }
    await pulumi.log.warn(`Entra was not asked what is there already: ${error.message}`);
    return { imports: new Map(), problems: [] };
  }
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
