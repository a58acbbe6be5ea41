import * as azuredevops from "@pulumi/azuredevops";
import type * as pulumi from "@pulumi/pulumi";
import type { FeedLocation } from "../feed.ts";

/** A project, and its group of readers. */
export interface ProjectPlace {
  readonly projectId: string;
  /** The descriptor of the group, e.g. `vssgp.…`. */
  readonly readersGroup: string;
}

/** A feed as Azure DevOps knows it. */
export interface FeedPlace {
  /** Undefined for a feed that the stack makes. */
  readonly feedId: string | undefined;
  /** Undefined for a feed of the organization. */
  readonly project: ProjectPlace | undefined;
}

/**
 * Asks Azure DevOps for a feed and its project, so that a missing one is known before anything is built.
 * @param create whether the stack makes the feed: then only its project is asked for
 * @returns undefined where there is no such feed for this sign-in: the provider answers with nothing then
 * @throws Error in the provider's words where there is no such project, or the sign-in fails
 */
export async function lookUpFeed(
  feed: FeedLocation,
  create: boolean,
  opts: pulumi.InvokeOptions,
): Promise<FeedPlace | undefined> {
  const project = feed.project === undefined ? undefined : await lookUpProject(feed.project, opts);
  if (create) return { feedId: undefined, project };
  const scope = project ? { projectId: project.projectId } : {};
  const { feedId } = await azuredevops.getFeed({ name: feed.name, ...scope }, opts);
  return feedId ? { feedId, project } : undefined;
}

async function lookUpProject(name: string, opts: pulumi.InvokeOptions): Promise<ProjectPlace> {
  const { id: projectId } = await azuredevops.getProject({ name }, opts);
  const readers = await azuredevops.getGroup({ projectId, name: "Readers" }, opts);
  return { projectId, readersGroup: readers.descriptor };
}
