import type { RestEndpointMethodTypes } from "@octokit/rest";
import { ownerOf } from "../accounts.ts";
import type { GitHubData } from "../data.ts";
import type { GitRef, Repository, RepositoryFile, Role } from "../entities.ts";
import { commitId, nodeId } from "../identifiers.ts";
import { includesRole } from "../roles.ts";
import { accountView } from "./accounts.ts";

export type FullRepository = RestEndpointMethodTypes["repos"]["get"]["response"]["data"];
type BranchView = RestEndpointMethodTypes["repos"]["getBranch"]["response"]["data"];
type ReferenceView = RestEndpointMethodTypes["git"]["getRef"]["response"]["data"];
type TagView = RestEndpointMethodTypes["repos"]["listTags"]["response"]["data"][number];

/** The repository's URL in the API, by its name. */
export function repositoryUrl(data: GitHubData, repository: Repository): string {
  return `https://${data.site.apiHost}/repos/${ownerOf(data, repository).account.login}/${repository.name}`;
}

/** The sub-resources that a repository lists as `X_url`, with their URI templates. */
const linkTemplates = {
  archive: "/{archive_format}{/ref}",
  assignees: "/assignees{/user}",
  blobs: "/git/blobs{/sha}",
  branches: "/branches{/branch}",
  collaborators: "/collaborators{/collaborator}",
  comments: "/comments{/number}",
  commits: "/commits{/sha}",
  compare: "/compare/{base}...{head}",
  contents: "/contents/{+path}",
  contributors: "/contributors",
  deployments: "/deployments",
  downloads: "/downloads",
  events: "/events",
  forks: "/forks",
  git_commits: "/git/commits{/sha}",
  git_refs: "/git/refs{/sha}",
  git_tags: "/git/tags{/sha}",
  hooks: "/hooks",
  issue_comment: "/issues/comments{/number}",
  issue_events: "/issues/events{/number}",
  issues: "/issues{/number}",
  keys: "/keys{/key_id}",
  labels: "/labels{/name}",
  languages: "/languages",
  merges: "/merges",
  milestones: "/milestones{/number}",
  notifications: "/notifications{?since,all,participating}",
  pulls: "/pulls{/number}",
  releases: "/releases{/id}",
  stargazers: "/stargazers",
  statuses: "/statuses/{sha}",
  subscribers: "/subscribers",
  subscription: "/subscription",
  tags: "/tags",
  teams: "/teams",
  trees: "/git/trees{/sha}",
} as const;

type Links = { readonly [Name in keyof typeof linkTemplates as `${Name}_url`]: string };

function links(url: string): Links {
  const entries = Object.entries(linkTemplates).map(([name, template]) => [`${name}_url`, url + template]);
  return Object.fromEntries(entries) as Links;
}

/** The repository, without what only a caller who may push to it sees. */
export function repositoryView(data: GitHubData, repository: Repository, role: Role): FullRepository {
  const { type, account } = ownerOf(data, repository);
  const owner = accountView(data.site, account, type);
  const fullName = `${account.login}/${repository.name}`;
  const url = repositoryUrl(data, repository);
  const { host, sshUser } = data.site;
  return {
    id: Number(repository.id),
    node_id: nodeId("R", repository.id),
    name: repository.name,
    full_name: fullName,
    private: repository.visibility !== "public",
    owner,
    html_url: `https://${host}/${fullName}`,
    description: repository.description,
    fork: false,
    url,
    ...links(url),
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.updatedAt,
    git_url: `git://${host}/${fullName}.git`,
    ssh_url: `${sshUser}@${host}:${fullName}.git`,
    clone_url: `https://${host}/${fullName}.git`,
    svn_url: `https://${host}/${fullName}`,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: 0,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.visibility,
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: repository.defaultBranch,
    permissions: {
      admin: includesRole(role, "admin"),
      maintain: includesRole(role, "maintain"),
      push: includesRole(role, "write"),
      triage: includesRole(role, "triage"),
      pull: includesRole(role, "read"),
    },
    ...(type === "Organization" ? { organization: owner } : {}),
    network_count: 0,
    subscribers_count: 0,
  };
}

/** A branch as lists show it. */
export function branchSummary(data: GitHubData, repository: Repository, branch: GitRef, isProtected: boolean) {
  const url = repositoryUrl(data, repository);
  const name = encodeURIComponent(branch.name);
  return {
    name: branch.name,
    commit: { sha: branch.sha, url: `${url}/commits/${branch.sha}` },
    protected: isProtected,
    protection: {
      enabled: isProtected,
      required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
    },
    protection_url: `${url}/branches/${name}/protection`,
  };
}

export function branchView(data: GitHubData, repository: Repository, branch: GitRef, isProtected: boolean): BranchView {
  const url = repositoryUrl(data, repository);
  const html = `https://${data.site.host}/${ownerOf(data, repository).account.login}/${repository.name}`;
  const tree = commitId("tree", branch.sha);
  const person = { name: "GitHub", email: "noreply@github.com", date: repository.createdAt };
  return {
    ...branchSummary(data, repository, branch, isProtected),
    commit: {
      sha: branch.sha,
      node_id: nodeId("C", repository.id),
      commit: {
        author: person,
        committer: person,
        message: "Initial commit",
        tree: { sha: tree, url: `${url}/git/trees/${tree}` },
        url: `${url}/git/commits/${branch.sha}`,
        comment_count: 0,
        verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
      },
      url: `${url}/commits/${branch.sha}`,
      html_url: `${html}/commit/${branch.sha}`,
      comments_url: `${url}/commits/${branch.sha}/comments`,
      author: null,
      committer: null,
      parents: [],
    },
    _links: {
      self: `${url}/branches/${encodeURIComponent(branch.name)}`,
      html: `${html}/tree/${branch.name}`,
    },
  };
}

/** A file as one that is asked for by its path. It is empty: what is in it is nobody's business here. */
export function fileView(data: GitHubData, repository: Repository, { path }: RepositoryFile, ref: string) {
  const url = `${repositoryUrl(data, repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const sha = commitId("blob", repository.id, path);
  const git = `${repositoryUrl(data, repository)}/git/blobs/${sha}`;
  const html = `https://${data.site.host}/${ownerOf(data, repository).account.login}/${repository.name}/blob/${ref}/${path}`;
  return {
    type: "file",
    encoding: "base64",
    size: 0,
    name: path.split("/").at(-1) ?? path,
    path,
    content: "",
    sha,
    url,
    git_url: git,
    html_url: html,
    download_url: null,
    _links: { self: url, git, html },
  } as const;
}

/** The name of a ref in full, e.g. `refs/tags/v1.0.0`. */
export function refName(ref: GitRef): string {
  return `refs/${ref.kind === "branch" ? "heads" : "tags"}/${ref.name}`;
}

export function referenceView(data: GitHubData, repository: Repository, ref: GitRef): ReferenceView {
  const url = repositoryUrl(data, repository);
  const name = refName(ref);
  return {
    ref: name,
    node_id: `REF_${Buffer.from(`${repository.id}:${name}`).toString("base64url")}`,
    url: `${url}/git/${name}`,
    object: { sha: ref.sha, type: "commit", url: `${url}/git/commits/${ref.sha}` },
  };
}

export function tagView(data: GitHubData, repository: Repository, tag: GitRef): TagView {
  const url = repositoryUrl(data, repository);
  return {
    name: tag.name,
    zipball_url: `${url}/zipball/${refName(tag)}`,
    tarball_url: `${url}/tarball/${refName(tag)}`,
    commit: { sha: tag.sha, url: `${url}/commits/${tag.sha}` },
    node_id: referenceView(data, repository, tag).node_id,
  };
}
