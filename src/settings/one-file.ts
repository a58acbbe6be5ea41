import { repositoryKey } from "../repository.ts";
import { stackFilePath } from "./config.ts";
import type { Problem } from "./problem.ts";
import { type FileConfig, readStackFile } from "./stack-file.ts";

/**
 * One repository has one stack file. With two, each is reviewed without what the other gives, and both write the same
 * variables and environments: whichever was applied last would win.
 */

/**
 * What a file is for: the same for files of one repository. Undefined where it says none.
 * @param shared what Pulumi.yaml says for all stacks
 */
export function subjectRepository(file: WithConfig, shared: WithConfig): string | undefined {
  const { "feedpass:repository": repository, "feedpass:issuer": issuer } = { ...shared.config, ...file.config };
  return repository ? repositoryKey(repository, issuer) : undefined;
}

type WithConfig = Pick<FileConfig, "config">;

/**
 * The stacks whose files are for one of some repositories. A text that names none of them is not read any further: YAML
 * spells a name in another way only with a backslash.
 * @param texts of the files, by stack
 * @param repositories as `subjectRepository` tells them
 * @param shared what Pulumi.yaml says for all stacks
 */
export function stacksFor(
  texts: Iterable<readonly [string, string]>,
  repositories: ReadonlySet<string>,
  shared: WithConfig,
): string[] {
  if (repositories.size === 0) return [];
  const names = [...repositories].map((repository) => repository.slice(repository.indexOf("/") + 1));
  const isNamed = namesOneOf(names);
  return [...texts].flatMap(([stack, text]) => {
    const { file } = text.includes("\\") || isNamed(text.toLowerCase()) ? readStackFile(text) : {};
    return file !== undefined && repositories.has(subjectRepository(file, shared) ?? "") ? [stack] : [];
  });
}

/** One name is looked for, which is many times as fast; of several, all that a text has like names are looked up. */
function namesOneOf(names: readonly string[]): (text: string) => boolean {
  const [only = "", ...more] = names;
  if (more.length === 0) return (text) => text.includes(only);
  const wanted = new Set(names);
  return (text) => [...text.matchAll(/[a-z0-9_-]+\/[a-z0-9._-]+/g)].some(([name]) => wanted.has(name));
}

/** What is wrong with files of one repository, by stack. Nothing for those that are alone. */
export function doubleFiles(repositories: ReadonlyMap<string, string>): Map<string, Problem> {
  const stacks = new Map<string, string[]>();
  for (const [stack, repository] of repositories) {
    const others = stacks.get(repository);
    if (others) others.push(stack);
    else stacks.set(repository, [stack]);
  }
  const several = [...stacks.values()].filter(({ length }) => length > 1);
  return new Map(
    several.flatMap((group) =>
      group.map((stack) => [stack, doubleFile(group.filter((other) => other !== stack))] as const),
    ),
  );
}

/** @param others the stacks whose files are for the same repository */
export function doubleFile(others: readonly string[]): Problem {
  const [first = "", ...more] = [...others].sort().map(stackFilePath);
  const files = more.length === 0 ? first : `${first} and ${more.length} more`;
  return {
    path: "repository",
    text: `${files} ${more.length === 0 ? "is" : "are"} for the same repository, expected one file for each; write the identities of all into one, and destroy the stacks of the others`,
  };
}
