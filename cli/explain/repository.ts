import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askGitHub } from "../../infra/github/facts.ts";
import { subjectsOfFile } from "../../infra/github/subjects.ts";
import type { Environments } from "../../src/jobs/environment.ts";
import { type RepositorySubjects, subjectsOf } from "../../src/jobs/repository-subjects.ts";
import { parseRepository, siteOfIssuer } from "../../src/repository.ts";
import type { Problem } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { Failure } from "../failure.ts";
import type { Project } from "../project.ts";

/** How GitHub makes a repository's subjects and protects its environments, and who says so. */
export interface KnownRepository {
  readonly subjects: RepositorySubjects;
  /** Those that the file trusts and does not keep. Empty unless GitHub answered now: an old answer protects nothing. */
  readonly environments: Environments;
  /** For people: `GitHub`, `the stack file`. */
  readonly source: string;
  /** What else GitHub said that is wrong with the file. */
  readonly problems: readonly Problem[];
}

/**
 * From the command line or the stack file where one of them tells, otherwise from GitHub, otherwise from what GitHub
 * said the last time.
 * @throws Failure where nobody tells
 */
export async function findRepository(
  project: Project,
  settings: Settings,
  prefix: string | undefined,
): Promise<KnownRepository> {
  if (prefix !== undefined && !/^repo:[^/:@\s]+(@\d+\/[^/:@\s]+@\d+|\/[^/:@\s]+)$/.test(prefix)) {
    throw new Failure(`--prefix: got ${JSON.stringify(prefix)}, expected repo:OWNER/NAME or repo:OWNER@ID/NAME@ID`);
  }
  const pinned = prefix ?? settings.subjectPrefix;
  const repository = parseRepository(settings.repository);
  if (pinned !== undefined) {
    const subjects = subjectsOfFile(repository, { ...settings, subjectPrefix: pinned });
    const source = prefix === undefined ? "the stack file" : "--prefix";
    return { subjects, environments: {}, source, problems: [] };
  }
  const { subjects, environments, problems } = await askGitHub(repository, settings);
  const unanswered = problems.find(({ path }) => path === "repository");
  if (unanswered === undefined) {
    keep(project, settings, subjects);
    return { subjects, environments, source: "GitHub", problems };
  }
  const kept = lastAnswer(project, settings);
  if (kept === undefined) {
    throw new Failure(`${unanswered.text}; or say how the subjects begin with --prefix repo:OWNER/NAME`);
  }
  return { ...kept, environments: {}, problems: [unanswered] };
}

/** Beside the packages: it may be lost, and is nobody's to commit. */
function cacheFile({ root }: Project, { repository, issuer }: Settings): string {
  const folder = join(root, "node_modules", ".cache", "feedpass", "subjects");
  const site = siteOfIssuer(issuer);
  const name = [...(site === undefined ? [] : [site]), ...repository.toLowerCase().split("/")].join("+");
  return join(folder, `${name}.json`);
}

function keep(project: Project, settings: Settings, subjects: RepositorySubjects): void {
  const file = cacheFile(project, settings);
  try {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, JSON.stringify({ day: new Date().toISOString().slice(0, 10), ...subjects }));
  } catch {
    // A folder that cannot be written to costs only the next answer without a network.
  }
}

function lastAnswer(project: Project, settings: Settings): Pick<KnownRepository, "subjects" | "source"> | undefined {
  try {
    const { day, prefix, template, claims } = JSON.parse(readFileSync(cacheFile(project, settings), "utf8"));
    return { subjects: subjectsOf(prefix, { template, claims }), source: `GitHub, on ${day}` };
  } catch {
    return undefined;
  }
}
