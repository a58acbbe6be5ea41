import { z } from "zod";
import { type AzureDevOps, refused } from "../../infra/azure-devops/client.ts";
import { feedAnswer, feedsAddress, servesUpstreams } from "../../infra/azure-devops/feed-answer.ts";

/** What Azure DevOps says of a feed. */
export interface FeedFacts {
  readonly organization: string;
  /** Undefined for a feed of the organization. */
  readonly project: string | undefined;
  readonly name: string;
  readonly hasUpstreams: boolean;
}

const feedsAnswer = z.object({ value: z.array(feedAnswer) });

/**
 * Every feed of an organization that the sign-in can see, those of projects too.
 * @returns undefined where nobody has signed in
 * @throws Unanswered where Azure DevOps refuses
 */
export async function listFeeds(
  azureDevOps: AzureDevOps,
  organization: string,
): Promise<readonly FeedFacts[] | undefined> {
  const answer = await azureDevOps.get(`${feedsAddress(organization)}?api-version=7.1`);
  if (answer === undefined) return undefined;
  const listed = answer.status === 200 ? feedsAnswer.safeParse(answer.body).data : undefined;
  if (listed === undefined) throw refused(answer, organization);
  return listed.value.map(({ project, name, ...feed }) => ({
    organization,
    project: project?.name,
    name,
    hasUpstreams: servesUpstreams(feed),
  }));
}
