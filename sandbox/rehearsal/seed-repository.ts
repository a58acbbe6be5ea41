import { randomBytes } from "node:crypto";
import type { Settings } from "../../src/settings/schema.ts";
import { trustOf } from "../../src/trust.ts";
import {
  findAccount,
  findEnterprise,
  findOrganization,
  findRepository,
  findTeam,
  findUser,
} from "../cloud/github/accounts.ts";
import { gitHubData } from "../cloud/github/data.ts";
import { findEnvironment, putEnvironment } from "../cloud/github/environments.ts";
import { newId } from "../cloud/github/identifiers.ts";
import { seedGitHub } from "../cloud/github/seed.ts";
import type { Store } from "../cloud/store.ts";
import { platformPermissions } from "../contoso.ts";
import { protectionOf } from "./scene.ts";

const company = "contoso";
/** Somebody of the company, who owns what is made and can review. */
const person = "ada";

/**
 * Makes what a stack file takes for granted of its repository: the owner, the repository, those who review, and the
 * environments that somebody else keeps. What is there stays.
 * @returns a token of the platform team for the owner; undefined where the company's own is good for it
 */
export function seedRepository(store: Store, settings: Settings): string | undefined {
  const data = gitHubData(store);
  const [owner = "", name = ""] = settings.repository.split("/");
  const [, ownerId, repositoryId] = /@(\d+)\/.*@(\d+)$/.exec(settings.subjectPrefix ?? "") ?? [];
  if (!findAccount(data, owner)) {
    seedGitHub(store, { organizations: [{ login: owner, owners: [person], ...identified(ownerId) }] });
  }
  const [, slug] = /^https:\/\/token\.actions\.githubusercontent\.com\/(.+)$/.exec(settings.issuer ?? "") ?? [];
  if (slug !== undefined) joinEnterprise(store, owner, slug);
  if (!findRepository(data, owner, name)) {
    const subjectForm = repositoryId === undefined ? "names" : "immutable";
    seedGitHub(store, { repositories: [{ owner, name, private: true, subjectForm, ...identified(repositoryId) }] });
  }
  const repository = findRepository(data, owner, name);
  if (!repository) throw new Error(`the seed makes the repository ${settings.repository}`);
  const reviewers = Object.values(settings.environments).flatMap((environment) => environment.reviewers ?? []);
  addTeams(store, owner, repository.id, new Set(reviewers.flatMap(({ teams = [] }) => teams)));
  addUsers(store, repository.id, new Set(reviewers.flatMap(({ users = [] }) => users)));
  for (const environment of keptByOthers(settings)) {
    if (!findEnvironment(data, repository, environment)) putEnvironment(data, repository, environment, {}, Date.now());
  }
  return owner.toLowerCase() === company ? undefined : seedToken(store, owner);
}

const identified = (id: string | undefined) => (id === undefined ? {} : { id: Number(id) });

/** Makes the owner's tokens those of an enterprise with an issuer of its own. */
function joinEnterprise(store: Store, owner: string, slug: string): void {
  const data = gitHubData(store);
  if (!findEnterprise(data, slug)) {
    seedGitHub(store, { enterprises: [{ slug, owners: [person], includesSlugInIssuer: true }] });
  }
  const [enterprise, organization] = [findEnterprise(data, slug), findOrganization(data, owner)];
  if (enterprise && organization) data.organizations.update(organization.id, { enterpriseId: enterprise.id });
}

/** Teams that the owner lacks, and the right to review for those that lack it. */
function addTeams(store: Store, owner: string, repositoryId: string, slugs: ReadonlySet<string>): void {
  const data = gitHubData(store);
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

function addUsers(store: Store, repositoryId: string, logins: ReadonlySet<string>): void {
  const data = gitHubData(store);
  for (const login of logins) {
    if (!findUser(data, login)) seedGitHub(store, { users: [{ login }] });
    const user = findUser(data, login);
    const collaborators = data.repositories.get(repositoryId)?.collaborators ?? [];
    if (!user || collaborators.some(({ userId }) => userId === user.id)) continue;
    data.repositories.update(repositoryId, { collaborators: [...collaborators, { userId: user.id, role: "write" }] });
  }
}

/** The environments that the file trusts and does not make. */
function keptByOthers({ identities, environments }: Settings): string[] {
  return Object.values(identities).flatMap(({ trust }) =>
    trust.map(trustOf).flatMap(({ kind, value }) => {
      const isKept = kind !== "environment" || protectionOf(environments, value) !== undefined;
      return isKept ? [] : [value];
    }),
  );
}

/** A fine-grained token is for one owner. */
function seedToken(store: Store, resourceOwner: string): string {
  const token = `github_pat_${randomBytes(30).toString("hex")}`;
  seedGitHub(store, {
    tokens: [{ token, kind: "fine-grained", user: person, resourceOwner, permissions: platformPermissions }],
  });
  return token;
}
