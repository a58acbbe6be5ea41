import { ownAction, ownActionFolder, type PinnedAction } from "../../src/workflow/actions.ts";
import { Failure } from "../failure.ts";
import { git } from "../git.ts";
import { complain, coloursFor } from "../output.ts";

const hint = "say where feedpass's own action is with --action OWNER/NAME@COMMIT";

/**
 * Where workflows take feedpass's own action from, pinned by commit.
 * @param root the project's folder
 * @param given what the command line says, `OWNER/NAME@COMMIT`; by default it is the repository that this checkout was
 * cloned from, at the last commit that changed the action
 * @throws Failure where neither tells
 */
export async function findOwnAction(root: string, given: string | undefined): Promise<PinnedAction> {
  if (given !== undefined) return parseReference(given);
  const repository = repositoryOf(await ask(root, ["remote", "get-url", "origin"]));
  if (repository === undefined) throw new Failure(`this checkout was not cloned from GitHub; ${hint}`);
  const commit = await ask(root, ["log", "-1", "--format=%H", "--", ownActionFolder]);
  if (commit === "") throw new Failure(`this checkout has no commit with ${ownActionFolder}; ${hint}`);
  if ((await ask(root, ["branch", "--remotes", "--contains", commit])) === "") {
    complain(coloursFor(process.stderr).yellow(`${ownActionFolder} is pinned to ${commit}, which is not pushed yet`));
  }
  const [version] = (await ask(root, ["tag", "--points-at", commit, "--sort=-version:refname"])).split("\n");
  return ownAction(repository, commit, version || undefined);
}

function parseReference(reference: string): PinnedAction {
  const [, repository, commit] = /^([\w-]+\/[\w.-]+)@([0-9a-f]{40})$/.exec(reference) ?? [];
  if (repository === undefined || commit === undefined) {
    throw new Failure(
      `--action: got ${JSON.stringify(reference)}, expected OWNER/NAME@COMMIT with all 40 digits of the commit: a tag or branch can be moved`,
    );
  }
  return ownAction(repository, commit);
}

/** `owner/name` from the address of a remote on github.com. */
function repositoryOf(address: string): string | undefined {
  return /^(?:https:\/\/(?:[^@/]+@)?|ssh:\/\/git@|git@)github\.com[:/]([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
    address,
  )?.[1];
}

/** What git says; nothing where it cannot say. */
async function ask(root: string, parameters: readonly string[]): Promise<string> {
  return git(root, parameters).then(
    (output) => output.toString().trim(),
    () => "",
  );
}
