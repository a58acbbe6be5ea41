import { isPattern, workflowOf } from "../../src/jobs/trust.ts";
import type { Repository } from "../../src/repository.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { type Ask, cannotTell, isThere } from "./connect.ts";
import { at, type Findings, nothingFound, together } from "./findings.ts";
import { byWhat, trustedPlaces } from "./places.ts";

/** Whether the reusable workflows are there that the file trusts: each a file in a repository, at a ref. */
export async function askReusableWorkflows(ask: Ask, own: Repository, settings: Settings): Promise<Findings> {
  const workflows = byWhat(
    trustedPlaces(settings).flatMap(({ entry, path }) => {
      const what = workflowOf(entry);
      // Which refs a pattern means is not for one question.
      return what === undefined || isPattern(what) ? [] : [{ what, path: `${path}.workflow` }];
    }),
  );
  return together(
    await Promise.all([...workflows].map(([workflow, paths]) => askReusableWorkflow(ask, own, workflow, paths))),
  );
}

/** https://docs.github.com/rest/repos/contents#get-repository-content */
async function askReusableWorkflow(
  ask: Ask,
  own: Repository,
  workflow: string,
  paths: readonly string[],
): Promise<Findings> {
  const [, owner = "", repo = "", path = "", ref = ""] = /^([^/]+)\/([^/]+)\/(.+)@(.+)$/.exec(workflow) ?? [];
  const file = await isThere(ask("GET /repos/{owner}/{repo}/contents/{path}", { owner, repo, path, ref }));
  if (file === true) return nothingFound;
  // A repository that a sign-in may not see answers as one that is not there.
  const isOwn = `${owner}/${repo}`.toLowerCase() === `${own.owner}/${own.name}`.toLowerCase();
  if (file === cannotTell || !(isOwn || (await isThere(ask("GET /repos/{owner}/{repo}", { owner, repo }))) === true)) {
    const text =
      `GitHub does not tell whether there is ${path} at ${ref} in ${owner}/${repo}; check the name, ` +
      "or give the token that repository's contents to read";
    return { problems: [], warnings: at(paths, text) };
  }
  const text = `got "${workflow}", but ${owner}/${repo} has no ${path} at ${ref}; check the file's name and the ref, or make it first`;
  return { problems: at(paths, text), warnings: [] };
}
