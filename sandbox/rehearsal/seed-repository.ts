import { randomBytes } from "node:crypto";
import type { Settings } from "../../src/settings/schema.ts";
import { isPattern, type TrustEntry, trustOf, workflowOf } from "../../src/jobs/trust.ts";
import type { EnvironmentProtection } from "../../src/jobs/environment.ts";
import {
  findAccount,
  findEnterprise,
  findOrganization,
  findRepository,
  findTeam,
  findUser,
} from "../cloud/github/accounts.ts";
import { type GitHubData, gitHubData } from "../cloud/github/data.ts";
import type { Repository } from "../cloud/github/entities.ts";
import { findEnvironment, putEnvironment } from "../cloud/github/environments.ts";
import { commitId, newId } from "../cloud/github/identifiers.ts";
import { hasProtectedBranch } from "../cloud/github/protection.ts";
import { seedGitHub } from "../cloud/github/seed.ts";
import type { GitHubSeed } from "../cloud/github/seed-shape.ts";
import { siteOfIssuer } from "../cloud/github/site.ts";
import type { Store } from "../cloud/store.ts";
import { platformPermissions } from "../contoso.ts";
import { environmentsOfOthers, protectedBranch } from "./known-environments.ts";

const company = "contoso";
/** Somebody of the company, who owns what is made and can review. */
const person = "ada";

type DeployFrom = EnvironmentProtection["deployFrom"];

/** Makes more of what a site of GitHub has. */
type Seed = (more: GitHubSeed) => void;

/**
 * Makes what a stack file takes for granted of its repository: the site and the enterprise that its issuer tells, the
 * owner, the repository, those who review, and the environments that somebody else keeps. What is there stays.
 * @returns a token of the platform team for the owner; undefined where the company's own is good for it
 */
export function seedRepository(store: Store, settings: Settings): string | undefined {
  const site = siteOfIssuer(settings.issuer ?? "");
  const data = gitHubData(store, site);
  const seed: Seed = (more) => seedGitHub(store, more, site);
  const [owner = "", name = ""] = settings.repository.split("/");
  const [, ownerId, repositoryId] = /@(\d+)\/.*@(\d+)$/.exec(settings.subjectPrefix ?? "") ?? [];
  if (!findUser(data, person)) seed({ users: [{ login: person }] });
  const [, , slug] = /^https:\/\/([^/]+)\/(.+)$/.exec(settings.issuer ?? "") ?? [];
  const enterprise = site.subdomain ?? slug;
  if (enterprise !== undefined && !findEnterprise(data, enterprise)) {
    seed({ enterprises: [{ slug: enterprise, owners: [person], includesSlugInIssuer: slug !== undefined }] });
  }
  if (!findAccount(data, owner)) seed({ organizations: [{ login: owner, owners: [person], ...identified(ownerId) }] });
  if (enterprise !== undefined) joinEnterprise(data, owner, enterprise);
  if (!findRepository(data, owner, name)) {
    const subjectForm = repositoryId === undefined ? "names" : "immutable";
    seed({ repositories: [{ owner, name, private: true, subjectForm, ...identified(repositoryId) }] });
  }
  const repository = findRepository(data, owner, name);
  if (!repository) throw new Error(`the seed makes the repository ${settings.repository}`);
  const reviewers = Object.values(settings.environments).flatMap((environment) => environment.reviewers ?? []);
  addTeams(data, owner, repository.id, new Set(reviewers.flatMap(({ teams = [] }) => teams)));
  addUsers(data, seed, repository.id, new Set(reviewers.flatMap(({ users = [] }) => users)));
  for (const [environment, { deployFrom }] of Object.entries(environmentsOfOthers(settings))) {
    addEnvironment(data, repository, environment, deployFrom);
  }
  if (Object.values(settings.environments).some(({ deployFrom }) => deployFrom?.protectedBranches)) {
    protectBranch(data, repository);
  }
  const trusted = Object.values(settings.identities).flatMap(({ trust }) => trust);
  addBranches(data, repository, trusted);
  addWorkflows(data, seed, trusted);
  const isOwn = site.subdomain === undefined && owner.toLowerCase() === company;
  return isOwn ? undefined : seedToken(seed, owner);
}

const identified = (id: string | undefined) => (id === undefined ? {} : { id: Number(id) });

/** Makes the owner's tokens those of an enterprise. */
function joinEnterprise(data: GitHubData, owner: string, slug: string): void {
  const [enterprise, organization] = [findEnterprise(data, slug), findOrganization(data, owner)];
  if (enterprise && organization) data.organizations.update(organization.id, { enterpriseId: enterprise.id });
}

/** Teams that the owner lacks, and the right to review for those that lack it. */
function addTeams(data: GitHubData, owner: string, repositoryId: string, slugs: ReadonlySet<string>): void {
  const organization = findOrganization(data, owner);
  const member = findUser(data, person);
  if (!organization || !member) return;
  const grant = { repositoryId, role: "write" } as const;
  for (const slug of slugs) {
    const found = findTeam(data, organization, slug);
    if (found?.repositories.some((known) => known.repositoryId === repositoryId)) continue;
    if (found) data.teams.update(found.id, { repositories: [...found.repositories, grant] });
    else {
      data.teams.insert({
        id: newId(data.teams),
        organizationId: organization.id,
        slug,
        name: slug,
        description: null,
        privacy: "closed",
        parentId: null,
        memberIds: [member.id],
        repositories: [grant],
        createdAt: new Date().toISOString(),
      });
    }
  }
}

function addUsers(data: GitHubData, seed: Seed, repositoryId: string, logins: ReadonlySet<string>): void {
  for (const login of logins) {
    if (!findUser(data, login)) seed({ users: [{ login }] });
    const user = findUser(data, login);
    const collaborators = data.repositories.get(repositoryId)?.collaborators ?? [];
    if (!user || collaborators.some(({ userId }) => userId === user.id)) continue;
    data.repositories.update(repositoryId, { collaborators: [...collaborators, { userId: user.id, role: "write" }] });
  }
}

/** Branches that the file trusts by their names. */
function addBranches(data: GitHubData, repository: Repository, trusted: readonly TrustEntry[]): void {
  for (const { kind, value } of trusted.map(trustOf)) {
    if ((kind === "branch" || kind === "mergeQueue") && !isPattern(value))
      addRef(data, repository, `refs/heads/${value}`);
  }
}

function addRef(data: GitHubData, { id: repositoryId }: Repository, ref: string): void {
  const [, folder, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  const id = `${repositoryId} ${ref}`;
  if (name === undefined || data.refs.get(id)) return;
  data.refs.insert({
    id,
    repositoryId,
    kind: folder === "heads" ? "branch" : "tag",
    name,
    sha: commitId(repositoryId, ref),
  });
}

/** Reusable workflows that the file trusts, with the repositories that have them. */
function addWorkflows(data: GitHubData, seed: Seed, trusted: readonly TrustEntry[]): void {
  for (const workflow of trusted.map(workflowOf)) {
    if (workflow === undefined || isPattern(workflow)) continue;
    const [, owner = "", name = "", path = "", ref = ""] = /^([^/]+)\/([^/]+)\/(.+)@(.+)$/.exec(workflow) ?? [];
    if (!findAccount(data, owner)) seed({ organizations: [{ login: owner, owners: [person] }] });
    const isPrivate = data.site.subdomain !== undefined;
    if (!findRepository(data, owner, name)) seed({ repositories: [{ owner, name, private: isPrivate }] });
    const repository = findRepository(data, owner, name);
    if (!repository) continue;
    addRef(data, repository, ref);
    const id = `${repository.id} ${path}`;
    if (!data.files.get(id)) data.files.insert({ id, repositoryId: repository.id, path });
  }
}

/** An environment that somebody else keeps. */
function addEnvironment(data: GitHubData, repository: Repository, name: string, deployFrom: DeployFrom): void {
  if (findEnvironment(data, repository, name)) return;
  const rules = deployFrom === undefined ? {} : { deployFrom: "custom" as const };
  const { id: environmentId } = putEnvironment(data, repository, name, rules, Date.now());
  const add = (type: "branch" | "tag") => (pattern: string) =>
    data.policies.insert({ id: newId(data.policies), environmentId, name: pattern, type });
  deployFrom?.branches?.forEach(add("branch"));
  deployFrom?.tags?.forEach(add("tag"));
}

/** Without a protected branch GitHub takes a rule of protected branches for none. */
function protectBranch(data: GitHubData, repository: Repository): void {
  if (hasProtectedBranch(data, repository)) return;
  const { id: repositoryId } = repository;
  data.protections.insert({ id: `${repositoryId} ${protectedBranch}`, repositoryId, pattern: protectedBranch });
}

/** A fine-grained token is for one owner. */
function seedToken(seed: Seed, resourceOwner: string): string {
  const token = `github_pat_${randomBytes(30).toString("hex")}`;
  seed({
    tokens: [{ token, kind: "fine-grained", user: person, resourceOwner, permissions: platformPermissions }],
  });
  return token;
}
