import { z } from "zod";
import { expecting, names, record, text } from "../shapes.ts";

function reviewerNames(what: string, example: string) {
  const name = text(/^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/, `${what}, as in ${example}`);
  return names(name, `a list, as in [${example}]`).optional();
}

function deployPatterns(kind: "branch" | "tag", prefix: string, example: string) {
  const pattern = text(/^(?!refs\/(?:heads|tags)\/)[^ ~^:\\]+$/, `the name or pattern of a ${kind}`, (got) =>
    String(got).startsWith(prefix) ? `write it without ${prefix}` : undefined,
  );
  return names(pattern, `a list, as in [${example}]`).optional();
}

/** One managed environment of a file. */
export const environmentSection = record(
  {
    reviewers: record(
      {
        teams: reviewerNames("the slug of a team", "release-managers"),
        users: reviewerNames("the login of a user", "octocat"),
      },
      "teams, users or both, as in { teams: [release-managers] }",
    )
      .optional()
      .meta({ description: "Who must approve a deployment, six at most." }),
    preventSelfReview: z
      .boolean(expecting("true or false"))
      .default(false)
      .meta({ description: "Whoever starts a deployment cannot approve it." }),
    adminsMayBypass: z
      .boolean(expecting("true or false"))
      .default(false)
      .meta({ description: "Whether the repository's administrators can pass the protection by." }),
    waitMinutes: z
      .int(expecting("a whole number of minutes from 1 to 43200"))
      .min(1, expecting("a whole number of minutes from 1 to 43200"))
      .max(43_200, expecting("a whole number of minutes from 1 to 43200"))
      .optional()
      .meta({ description: "How long each deployment waits." }),
    deployFrom: record(
      {
        branches: deployPatterns("branch", "refs/heads/", "main"),
        tags: deployPatterns("tag", "refs/tags/", '"v*"'),
        protectedBranches: z.literal(true, expecting("true", "leave it out otherwise")).optional(),
      },
      "branches, tags or protectedBranches, as in { branches: [main] }",
    )
      .optional()
      .meta({ description: "The branches and tags that may deploy. Left out, every one may." }),
  },
  "the environment's protection; write {} for none",
);
