import { stringify } from "yaml";
import { type FeedRole, feedPath } from "../../src/feed.ts";
import type { EnvironmentFacts } from "./github.ts";

/** What a new stack file says. */
export interface NewStack {
  /** As GitHub writes it. */
  readonly repository: string;
  readonly defaultBranch: string;
  /** Who signs the tokens of its jobs; undefined for github.com's usual issuer. */
  readonly issuer: string | undefined;
  readonly feed: {
    readonly organization: string;
    readonly project: string | undefined;
    readonly name: string;
    /** Undefined where nobody could be asked. */
    readonly hasUpstreams: boolean | undefined;
  };
  readonly role: FeedRole;
  /** Where publishing happens; only with the role contributor. */
  readonly environment: string;
  /** The environments that GitHub has; undefined where nobody could be asked. */
  readonly environments: readonly EnvironmentFacts[] | undefined;
}

/** The text of the file, with comments for whoever edits it. */
export function stackText(stack: NewStack): string {
  const { repository, issuer, feed } = stack;
  const { organization, project, name, hasUpstreams } = feed;
  const path = feedPath({ organization, name, ...(project === undefined ? {} : { project }) });
  const lines = [
    "# yaml-language-server: $schema=settings.schema.json",
    `# What the workflows of ${repository} may do with the feed ${path}.`,
    "config:",
    `  feedpass:repository: ${scalar(repository)}`,
    ...(issuer === undefined ? [] : [`  feedpass:issuer: ${scalar(issuer)} # of every job of that site`]),
    "  feedpass:feed:",
    `    organization: ${scalar(organization)} # https://dev.azure.com/${organization}`,
    ...(project === undefined
      ? ["    # project: left out, because the feed belongs to the organization"]
      : [`    project: ${scalar(project)} # leave out for a feed of the organization`]),
    `    name: ${scalar(name)}`,
    ...(hasUpstreams === undefined ? [] : [`    upstreams: ${hasUpstreams} # whether it has upstream sources`]),
    "  feedpass:identities:",
    ...readerLines(stack),
    ...(stack.role === "contributor" ? publisherLines(stack) : []),
  ];
  return `${lines.join("\n")}\n`;
}

function readerLines({ role, feed, defaultBranch }: NewStack): string[] {
  const savesToo = role === "collaborator";
  const upstreams =
    feed.hasUpstreams === true
      ? [
          "      # The feed has upstreams, and a reader installs what somebody has saved from them. A collaborator saves too,",
          "      # which pull requests are not trusted with.",
        ]
      : [];
  return [
    "    reader:",
    ...upstreams,
    `      role: ${savesToo ? "collaborator" : "reader"} # reader | collaborator | contributor`,
    "      trust:",
    `        - branch: ${scalar(defaultBranch)} # the default branch`,
    ...(savesToo ? [] : ["        - pullRequest: true # leave out where pull requests need nothing of the feed"]),
  ];
}

function publisherLines({ environment, environments, defaultBranch }: NewStack): string[] {
  const identity = [
    "    publisher:",
    "      role: contributor",
    "      trust:",
    "        # Also: branch, tag, workflow. Only an environment can ask for an approval before a job signs in.",
    `        - environment: ${scalar(environment)}`,
  ];
  const existing = environments?.find(({ name }) => name === environment);
  if (existing !== undefined) {
    const words =
      existing.protection.length === 0
        ? "nothing: pull requests get in, so it may not publish until it has reviewers or deployment branches"
        : existing.protection.join("; ");
    return [
      ...identity,
      `  # The environment is at GitHub already. What stands before it: ${words}.`,
      "  # To have this file protect it, name it under feedpass:environments, and import it before the first up.",
    ];
  }
  return [
    ...identity,
    "  feedpass:environments:",
    `    ${scalar(environment)}: # made by this stack`,
    "      # reviewers: # who approves each release; private repositories need GitHub Enterprise for it",
    "      #   teams: [release-managers]",
    "      deployFrom:",
    `        branches: [${scalar(defaultBranch)}] # or tags: ["v*"]`,
  ];
}

/** Text as YAML writes it on one line, in quotes where it needs them. */
function scalar(text: string): string {
  return stringify(text, { lineWidth: 0, defaultStringType: /[,[\]{}]/.test(text) ? "QUOTE_DOUBLE" : "PLAIN" }).trim();
}
