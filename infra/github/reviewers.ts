import type { ReviewerIds } from "../../src/components/actions-settings.ts";
import type { Repository } from "../../src/repository.ts";
import { pathText, type Problem } from "../../src/settings/problem.ts";
import { alternatives } from "../../src/words.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { type Ask, cannotTell, found, foundIfPermitted, isThere } from "./connect.ts";
import { nearestNames } from "./edit-distance.ts";
import { at } from "./findings.ts";
import { byWhat } from "./places.ts";

/** Who must approve, as GitHub knows them. */
export interface Reviewers {
  readonly ids: ReviewerIds;
  readonly problems: readonly Problem[];
}

/**
 * Asks for the reviewers of all environments that the file keeps. GitHub leaves those out without a word who were given
 * nothing with the repository, and an environment without reviewers would let every job through
 * (https://github.com/eclipse-csi/otterdog/issues/556).
 */
export async function askReviewers(ask: Ask, repository: Repository, settings: Settings): Promise<Reviewers> {
  const [teams, users] = await Promise.all([
    askTeams(ask, repository, reviewerPlaces(settings, "teams")),
    askEach(reviewerPlaces(settings, "users"), (login) => askUser(ask, repository, login)),
  ]);
  return { ids: { teams: teams.ids, users: users.ids }, problems: [...teams.problems, ...users.problems] };
}

function reviewerPlaces({ environments }: Settings, kind: "teams" | "users"): Map<string, string[]> {
  return byWhat(
    Object.entries(environments).flatMap(([environment, { reviewers }]) =>
      (reviewers?.[kind] ?? []).map((what, index) => ({
        what,
        path: pathText(["environments", environment, "reviewers", kind, index]),
      })),
    ),
  );
}

/** An id, or what is wrong. */
type Answer = number | string;

async function askEach(places: ReadonlyMap<string, readonly string[]>, ask: (name: string) => Promise<Answer>) {
  const answers = await Promise.all(
    [...places].map(async ([name, paths]) => ({ name, paths, answer: await ask(name) })),
  );
  return {
    ids: Object.fromEntries(
      answers.flatMap(({ name, answer }) => (typeof answer === "number" ? [[name, answer] as const] : [])),
    ),
    problems: answers.flatMap(({ paths, answer }) => (typeof answer === "string" ? at(paths, answer) : [])),
  };
}

/** One question tells all teams that may do something in the repository, with their ids. */
async function askTeams(ask: Ask, repository: Repository, places: ReadonlyMap<string, readonly string[]>) {
  if (places.size === 0) return { ids: {}, problems: [] };
  const { owner, name } = repository;
  const listed = await foundIfPermitted(ask("GET /repos/{owner}/{repo}/teams", { owner, repo: name, per_page: 100 }));
  const known = new Map(
    listed === undefined || listed === cannotTell ? [] : listed.map(({ slug, id }) => [slug.toLowerCase(), id]),
  );
  // Asked once, and only where a team is not there.
  let all: Promise<string[] | undefined> | undefined;
  const everyTeam = () => (all ??= listTeams(ask, owner));
  return askEach(places, async (slug) => known.get(slug.toLowerCase()) ?? askTeam(ask, repository, slug, everyTeam));
}

/** A team that the repository does not list: it may have its role from a team above it. */
async function askTeam(
  ask: Ask,
  { owner, name }: Repository,
  slug: string,
  everyTeam: () => Promise<string[] | undefined>,
): Promise<Answer> {
  const team = await foundIfPermitted(ask("GET /orgs/{org}/teams/{team_slug}", { org: owner, team_slug: slug }));
  if (team === cannotTell) {
    return `GitHub does not tell whether ${owner} has a team "${slug}" (403); give the token the organization's members to read`;
  }
  if (team === undefined) return missingTeam(owner, slug, await everyTeam());
  const url = "GET /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}";
  const access = await isThere(ask(url, { org: owner, team_slug: slug, owner, repo: name }));
  if (access === cannotTell) {
    return `GitHub does not tell whether the team ${slug} may read ${owner}/${name} (403); give the token the repository's administration to read`;
  }
  if (access) return team.id;
  return `the team ${slug} may do nothing in ${owner}/${name}, and GitHub leaves such reviewers out without a word; give it a role there, read at least`;
}

function missingTeam(owner: string, slug: string, teams: readonly string[] | undefined): string {
  if (teams === undefined) return `got "${slug}", but ${owner} has no teams that this sign-in can see; name users`;
  const near = nearestNames(slug, teams);
  const fix =
    near.length > 0 ? `did you mean ${alternatives(near)}?` : "write the slug, as in the address of the team's page";
  return `got "${slug}", expected a team of ${owner} that this sign-in can see; ${fix}`;
}

/** The slugs of an organization's teams; undefined where it is none. https://docs.github.com/rest/teams/teams#list-teams */
async function listTeams(ask: Ask, org: string): Promise<string[] | undefined> {
  const slugs: string[] = [];
  for (let page = 1; ; page += 1) {
    const teams = await found(ask("GET /orgs/{org}/teams", { org, per_page: 100, page }));
    if (teams === undefined) return undefined;
    slugs.push(...teams.map(({ slug }) => slug));
    if (teams.length < 100) return slugs;
  }
}

/**
 * Reading a public repository is nothing that a user was given: GitHub asks for a collaborator.
 * https://docs.github.com/rest/collaborators/collaborators#check-if-a-user-is-a-repository-collaborator
 */
async function askUser(ask: Ask, { owner, name }: Repository, username: string): Promise<Answer> {
  const url = "GET /repos/{owner}/{repo}/collaborators/{username}";
  const [user, collaborator] = await Promise.all([
    found(ask("GET /users/{username}", { username })),
    isThere(ask(url, { owner, repo: name, username })),
  ]);
  if (user === undefined) return `got "${username}", but GitHub knows no user of that login; check it`;
  if (collaborator === cannotTell) {
    return `GitHub does not tell whether ${username} may read ${owner}/${name} (403); give the token the repository's metadata to read`;
  }
  if (collaborator) return Number(user.id);
  return `${username} may do nothing in ${owner}/${name}, and GitHub leaves such reviewers out without a word; give ${username} a role there, read at least`;
}
