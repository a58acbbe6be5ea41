import { type Properties, ProviderError } from "../definition.ts";
import { text } from "../properties.ts";
import type { GitHubClient } from "./client.ts";

type Json = Readonly<Record<string, unknown>>;

/** The results that are GitHub's own fields, by their names there, and what stands for an absent one. */
const fields: Readonly<Record<string, readonly [field: string, absent: string | boolean]>> = {
  name: ["name", ""],
  fullName: ["full_name", ""],
  description: ["description", ""],
  homepageUrl: ["homepage", ""],
  private: ["private", false],
  visibility: ["visibility", ""],
  hasIssues: ["has_issues", false],
  hasDiscussions: ["has_discussions", false],
  hasProjects: ["has_projects", false],
  hasDownloads: ["has_downloads", false],
  hasWiki: ["has_wiki", false],
  isTemplate: ["is_template", false],
  fork: ["fork", false],
  allowMergeCommit: ["allow_merge_commit", false],
  allowSquashMerge: ["allow_squash_merge", false],
  allowRebaseMerge: ["allow_rebase_merge", false],
  allowAutoMerge: ["allow_auto_merge", false],
  allowUpdateBranch: ["allow_update_branch", false],
  allowForking: ["allow_forking", false],
  deleteBranchOnMerge: ["delete_branch_on_merge", false],
  squashMergeCommitTitle: ["squash_merge_commit_title", ""],
  squashMergeCommitMessage: ["squash_merge_commit_message", ""],
  mergeCommitTitle: ["merge_commit_title", ""],
  mergeCommitMessage: ["merge_commit_message", ""],
  defaultBranch: ["default_branch", ""],
  primaryLanguage: ["language", ""],
  archived: ["archived", false],
  htmlUrl: ["html_url", ""],
  sshCloneUrl: ["ssh_url", ""],
  svnUrl: ["svn_url", ""],
  gitCloneUrl: ["git_url", ""],
  httpCloneUrl: ["clone_url", ""],
  nodeId: ["node_id", ""],
};

/**
 * `github:index/getRepository:getRepository`. A repository that does not exist gives nothing, not an error.
 * https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/data_source_github_repository.go
 */
export async function findRepository(client: GitHubClient, args: Properties): Promise<Properties> {
  const [owner, name] = ownerAndName(client, args);
  const path = `/repos/${owner}/${name}`;
  const found = await client.find<Json>(path);
  if (!found) return {};
  const known = Object.entries(fields).map(([result, [field, absent]]) => [result, found[field] ?? absent]);
  const pages = found.has_pages === true ? [pagesOf(await client.get<Json>(`${path}/pages`))] : [];
  const licenses = found.license ? [licenseOf(await client.get<Json>(`${path}/license`))] : [];
  const template = found.template_repository as { readonly name: string; readonly owner: Json } | null | undefined;
  return {
    ...Object.fromEntries(known),
    id: name,
    repoId: found.id,
    topics: found.topics ?? [],
    pages,
    repositoryLicenses: licenses,
    templates: template ? [{ owner: template.owner.login, repository: template.name }] : [],
  };
}

function ownerAndName(client: GitHubClient, args: Properties): readonly [owner: string, name: string] {
  const [name, fullName] = [text(args, "name"), text(args, "fullName")];
  if (name && fullName) throw new ProviderError('"fullName": conflicts with name');
  if (name) return [client.owner, name];
  if (!fullName) throw new ProviderError('one of "full_name" or "name" has to be provided');
  const [owner, repository, ...more] = fullName.split("/");
  if (!owner || !repository || more.length > 0) {
    throw new ProviderError(`unexpected full name format ("${fullName}"), expected owner/repo_name`);
  }
  return [owner, repository];
}

function pagesOf(pages: Json): Properties {
  const source = pages.source as Json | undefined;
  return {
    buildType: pages.build_type ?? "",
    cname: pages.cname ?? "",
    custom404: pages.custom_404 ?? false,
    htmlUrl: pages.html_url ?? "",
    status: pages.status ?? "",
    url: pages.url ?? "",
    sources: pages.build_type === "legacy" ? [{ branch: source?.branch ?? "", path: source?.path ?? "" }] : [],
  };
}

function licenseOf(file: Json): Properties {
  const license = (file.license ?? {}) as Json;
  return {
    name: file.name ?? "",
    path: file.path ?? "",
    sha: file.sha ?? "",
    size: file.size ?? 0,
    url: file.url ?? "",
    htmlUrl: file.html_url ?? "",
    gitUrl: file.git_url ?? "",
    downloadUrl: file.download_url ?? "",
    type: file.type ?? "",
    content: file.content ?? "",
    encoding: file.encoding ?? "",
    licenses: [
      {
        key: license.key ?? "",
        name: license.name ?? "",
        url: license.url ?? "",
        spdxId: license.spdx_id ?? "",
        htmlUrl: license.html_url ?? "",
        featured: license.featured ?? false,
        description: license.description ?? "",
        implementation: license.implementation ?? "",
        permissions: license.permissions ?? [],
        conditions: license.conditions ?? [],
        limitations: license.limitations ?? [],
        body: license.body ?? "",
      },
    ],
  };
}
