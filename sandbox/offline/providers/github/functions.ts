import { type ConfiguredProvider, ProviderError } from "../definition.ts";
import { requiredText, text } from "../properties.ts";
import type { GitHubClient } from "./client.ts";
import { repositoryPath } from "./repositories.ts";
import { findRepository } from "./repository-lookup.ts";
import { goTimestamp } from "./timestamps.ts";

interface Team {
  readonly id: number;
  readonly node_id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly privacy?: string;
  readonly notification_setting?: string;
  readonly permission: string;
}

interface TeamRepository {
  readonly id: number;
  readonly name: string;
  readonly role_name?: string;
}

/** https://docs.github.com/rest/users/users#get-a-user */
interface User {
  readonly id: number;
  readonly login: string;
  readonly node_id?: string;
  readonly avatar_url?: string;
  readonly gravatar_id?: string | null;
  readonly site_admin?: boolean;
  readonly name?: string | null;
  readonly company?: string | null;
  readonly blog?: string | null;
  readonly location?: string | null;
  readonly email?: string | null;
  readonly bio?: string | null;
  readonly public_repos?: number;
  readonly public_gists?: number;
  readonly followers?: number;
  readonly following?: number;
  readonly created_at?: string;
  readonly updated_at?: string;
  readonly suspended_at?: string | null;
}

/**
 * The provider's functions. Their results hold the arguments, as the official ones do.
 * https://github.com/integrations/terraform-provider-github/tree/v6.13.0/github
 */
export function createFunctions(client: GitHubClient): ConfiguredProvider["functions"] {
  return {
    "github:index/getRepository:getRepository": (args) => findRepository(client, args),

    async "github:index/getActionsPublicKey:getActionsPublicKey"(args) {
      const repository = requiredText(args, "repository");
      const path = `${repositoryPath(client, repository)}/actions/secrets/public-key`;
      const { key_id: keyId, key } = await client.get<{ readonly key_id: string; readonly key: string }>(path);
      return { id: keyId, repository, keyId, key };
    },

    async "github:index/getTeam:getTeam"(args) {
      const slug = requiredText(args, "slug");
      const membershipType = text(args, "membershipType") ?? "all";
      const summaryOnly = args.summaryOnly === true;
      const resultsPerPage = Number(args.resultsPerPage ?? 100);
      if (membershipType !== "all") {
        throw new ProviderError(`the sandbox knows no other membershipType of getTeam than all, got ${membershipType}`);
      }
      const path = (name: string) => `/orgs/${client.owner}/teams/${name}`;
      const team = await client.get<Team>(path(slug));
      const list = <Item>(what: string) =>
        summaryOnly ? [] : client.list<Item>(`${path(team.slug)}/${what}`, resultsPerPage);
      const members = await list<{ readonly login: string }>("members");
      const repositories = await list<TeamRepository>("repos");
      return {
        id: String(team.id),
        slug,
        membershipType,
        summaryOnly,
        resultsPerPage,
        name: team.name,
        nodeId: team.node_id,
        description: team.description ?? "",
        privacy: team.privacy ?? "",
        notificationSetting: team.notification_setting ?? "",
        permission: team.permission,
        members: members.map(({ login }) => login),
        repositories: repositories.map(({ name }) => name),
        repositoriesDetaileds: repositories.map(({ id, name, role_name }) => ({
          repoId: id,
          repoName: name,
          roleName: role_name ?? "",
        })),
      };
    },

    async "github:index/getUser:getUser"(args) {
      const username = requiredText(args, "username");
      const user = await client.get<User>(`/users/${username}`);
      const gpgKeys = await client.get<readonly { readonly public_key: string }[]>(`/users/${user.login}/gpg_keys`);
      const sshKeys = await client.get<readonly { readonly key: string }[]>(`/users/${user.login}/keys`);
      return {
        id: String(user.id),
        username,
        login: user.login,
        nodeId: user.node_id ?? "",
        avatarUrl: user.avatar_url ?? "",
        gravatarId: user.gravatar_id ?? "",
        siteAdmin: user.site_admin ?? false,
        name: user.name ?? "",
        company: user.company ?? "",
        blog: user.blog ?? "",
        location: user.location ?? "",
        email: user.email ?? "",
        bio: user.bio ?? "",
        publicRepos: user.public_repos ?? 0,
        publicGists: user.public_gists ?? 0,
        followers: user.followers ?? 0,
        following: user.following ?? 0,
        createdAt: goTimestamp(user.created_at),
        updatedAt: goTimestamp(user.updated_at),
        suspendedAt: goTimestamp(user.suspended_at),
        gpgKeys: gpgKeys.map(({ public_key }) => public_key),
        sshKeys: sshKeys.map(({ key }) => key),
      };
    },
  };
}
