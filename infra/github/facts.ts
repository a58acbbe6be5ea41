import type { ReviewerIds } from "../../src/components/actions-settings.ts";
import type { EnvironmentProtection } from "../../src/jobs/environment.ts";
import { type RepositorySubjects, subjectsOf } from "../../src/jobs/repository-subjects.ts";
import type { Repository } from "../../src/repository.ts";
import type { Problem } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { askProtectedBranches, askTrustedBranches } from "./branches.ts";
import { type Ask, connect, isFailedRequest, noAnswer } from "./connect.ts";
import { askOtherEnvironments } from "./environments.ts";
import { type Findings, together } from "./findings.ts";
import { askRepository } from "./repository.ts";
import { askReusableWorkflows } from "./reusable-workflows.ts";
import { askReviewers } from "./reviewers.ts";
import { askCustomization, subjectsOfFile } from "./subjects.ts";

/** What only GitHub knows of a repository, and what of it makes the file wrong. */
export interface GitHubFacts extends Findings {
  /** How the subjects of the repository's jobs are made. */
  readonly subjects: RepositorySubjects;
  /** The environments that the file trusts and leaves to somebody else, by name, as GitHub protects them now. */
  readonly environments: Readonly<Record<string, EnvironmentProtection>>;
  /** Of the reviewers that the file names. */
  readonly reviewerIds: ReviewerIds;
}

/**
 * Asks GitHub for everything that a file takes for granted, all at once: how subjects are made, unless the file pins
 * that, and whether what it names is there and may do what it is named for.
 * @param ask Default: a client of its own
 */
export async function askGitHub(
  repository: Repository,
  settings: Settings,
  ask = connect(settings.issuer),
): Promise<GitHubFacts> {
  try {
    return await askAll(ask, repository, settings);
  } catch (error) {
    if (!isFailedRequest(error)) throw error;
    return unknown(subjectsOfFile(repository, settings), [{ path: "repository", text: noAnswer(error) }]);
  }
}

async function askAll(ask: Ask, repository: Repository, settings: Settings): Promise<GitHubFacts> {
  const isPinned = settings.subjectPrefix !== undefined;
  const written = subjectsOfFile(repository, settings);
  const itself = askRepository(ask, repository);
  const [found, customization, others, reviewers, ...findings] = await Promise.all([
    itself,
    isPinned ? undefined : askCustomization(ask, repository, settings.subjectTemplate),
    askOtherEnvironments(ask, repository, settings),
    askReviewers(ask, repository, settings),
    askProtectedBranches(ask, repository, settings),
    askTrustedBranches(ask, repository, settings, itself),
    askReusableWorkflows(ask, repository, settings),
  ]);
  // A repository that is not there answers every question with the same 404; the first one says it.
  if (found.problems.length > 0) return unknown(written, found.problems);
  const { prefix = written.prefix, template, problems = [] } = customization ?? {};
  const told = subjectsOf(prefix, { ...(template ? { template } : {}), claims: found.claims });
  const rest = together(findings);
  return {
    subjects: isPinned ? written : told,
    environments: others.environments,
    reviewerIds: reviewers.ids,
    problems: [...problems, ...others.problems, ...reviewers.problems, ...rest.problems],
    warnings: rest.warnings,
  };
}

function unknown(subjects: RepositorySubjects, problems: readonly Problem[]): GitHubFacts {
  return { subjects, environments: {}, reviewerIds: { teams: {}, users: {} }, problems, warnings: [] };
}
