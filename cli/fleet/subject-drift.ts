import { z } from "zod";
import { askSubjectPrefix } from "../../infra/github/subjects.ts";
import { parseRepository } from "../../src/repository.ts";
import type { ResourceChange } from "./report.ts";

/** What a stack's outputs tell of its credentials. */
const stackOutputs = z.object({
  repository: z.string(),
  subjectPrefix: z.string(),
  issuer: z.string().optional(),
  identities: z.record(z.string(), z.object({ subjects: z.array(z.string()) })),
});

/**
 * How GitHub makes the subjects of a stack's repository now, where the credentials of the last up trust none of them any
 * more: the repository was renamed, transferred, or moved to subjects with ids. No resource has changed then, so that a
 * refresh sees nothing, and no job can sign in.
 * @param outputs the stack's, as the last up left them
 * @returns undefined where the credentials are as good as ever, or there are none
 * @throws Error where GitHub does not tell
 */
export async function subjectDrift(outputs: unknown): Promise<ResourceChange | undefined> {
  const deployed = stackOutputs.safeParse(outputs).data;
  if (deployed === undefined) return undefined;
  const { repository, subjectPrefix, issuer, identities } = deployed;
  const subjects = Object.values(identities).flatMap((identity) => identity.subjects);
  // Subjects of another template may say nothing of the repository's name.
  if (!subjects.some((subject) => subject.includes(`${subjectPrefix}:`))) return undefined;
  const found = await askSubjectPrefix(parseRepository(repository), issuer);
  if (found === undefined || found.prefix === subjectPrefix) return undefined;
  if (subjects.some((subject) => subject.includes(`${found.prefix}:`))) return undefined;
  const quoted = ([path, before, after]: readonly [string, string, string]) => ({
    path,
    before: JSON.stringify(before),
    after: JSON.stringify(after),
  });
  const isRenamed = found.repository.toLowerCase() !== repository.toLowerCase();
  return {
    action: "update",
    type: "Subjects",
    name: repository,
    properties: [
      ...(isRenamed ? [quoted(["repository", repository, found.repository])] : []),
      quoted(["subjectPrefix", subjectPrefix, found.prefix]),
    ],
  };
}
