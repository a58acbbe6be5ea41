import { stackFilePath } from "../../src/settings/config.ts";
import { type Problem, renderProblems } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import {
  type FileConfig,
  nothingShared,
  readProjectFile,
  readStackFile,
  settingsOf,
} from "../../src/settings/stack-file.ts";
import { Failure } from "../failure.ts";
import { type BlobId, isBlob, listFiles, readBlobs } from "../git.ts";
import { type Project, projectFileName, stackFilesOnDisk, stackFolder, stackOf } from "../project.ts";

/** What is wrong with one stack file. */
export interface FileProblems {
  readonly stack: string;
  readonly file: string;
  readonly problems: readonly Problem[];
}

/** What stack files say. */
export interface State {
  /** By stack; undefined for a file that has problems. */
  readonly stacks: ReadonlyMap<string, Settings | undefined>;
  readonly broken: readonly FileProblems[];
  /** The stacks that also take settings from Pulumi ESC environments, and which. */
  readonly environments: ReadonlyMap<string, readonly string[]>;
}

/** The state of the working tree. @param today e.g. `2026-11-30` */
export function stateOnDisk(project: Project, today: string): State {
  return readState(stackFilesOnDisk(project), sharedBy(project.projectFile, projectFileName), today);
}

/**
 * The state of a commit and that of the working tree. Only what may differ is read: the files that changed, and those
 * that are for the same repositories; all of them where what they share has changed.
 * @throws Failure where there is no checkout, or no such commit in it
 */
export async function statesSince(
  project: Project,
  reference: string,
  today: string,
): Promise<{ readonly before: State; readonly after: State; readonly known: ReadonlySet<string> }> {
  const disk = stackFilesOnDisk(project);
  const tree = await listFiles(project.root, reference, [projectFileName, `${stackFolder}/`]);
  const committed = new Map<string, BlobId>();
  for (const [path, id] of tree) {
    const stack = stackOf(path.slice(stackFolder.length + 1));
    if (stack !== undefined && path === stackFilePath(stack)) committed.set(stack, id);
  }
  const isSame = (content: Buffer | undefined, id: BlobId | undefined) =>
    content !== undefined && id !== undefined && isBlob(content, id);
  const known = new Set([...disk.keys(), ...committed.keys()]);
  const changed = [...known].filter((stack) => !isSame(disk.get(stack), committed.get(stack)));
  const projectId = tree.get(projectFileName);
  const wanted = [projectId, ...changed.map((stack) => committed.get(stack))].filter((id) => id !== undefined);
  const blobs = await readBlobs(project.root, wanted);

  const shared = sharedBy(project.projectFile, projectFileName);
  const projectBlob = projectId === undefined ? undefined : blobs.get(projectId);
  const sharedBefore = projectBlob ? sharedBy(projectBlob, `${projectFileName} at ${reference}`) : nothingShared;
  const before = new Map<string, Buffer>();
  for (const [stack, id] of committed) {
    const content = blobs.get(id) ?? disk.get(stack);
    if (content !== undefined) before.set(stack, content);
  }
  const sharesTheSame = JSON.stringify(shared) === JSON.stringify(sharedBefore);
  const concerned = new Set(sharesTheSame ? changed : known);
  // A secret that has ended since is no mistake of the commit's.
  const then = readState(only(before, concerned), sharedBefore, undefined);
  const now = readState(only(disk, concerned), shared, today);
  const others = new Map([...disk].filter(([stack]) => !concerned.has(stack)));
  const related = readState(withSameRepositories(others, [then, now]), shared, undefined).stacks;
  return {
    before: { ...then, stacks: new Map([...then.stacks, ...related]) },
    after: { ...now, stacks: new Map([...now.stacks, ...related]) },
    known,
  };
}

/** What all stacks share. A Pulumi.yaml that cannot be read says nothing about any of them. */
export function sharedBy(content: Buffer, name: string): FileConfig {
  const { file, problems } = readProjectFile(content.toString());
  if (file === undefined) throw new Failure(renderProblems(name, problems));
  return file;
}

/** The files that mention a repository of the states: what one file takes away, another may still give. */
function withSameRepositories(files: ReadonlyMap<string, Buffer>, states: readonly State[]): Map<string, Buffer> {
  const repositories = new Set(
    states.flatMap(({ stacks }) => [...stacks.values()].map((settings) => settings?.repository.toLowerCase())),
  );
  const mentions = (text: string) =>
    [...text.toLowerCase().matchAll(/[a-z0-9_-]+\/[a-z0-9._-]+/g)].some(([name]) => repositories.has(name));
  return new Map([...files].filter(([, content]) => mentions(content.toString())));
}

function only(files: ReadonlyMap<string, Buffer>, stacks: ReadonlySet<string>): ReadonlyMap<string, Buffer> {
  return new Map([...files].filter(([stack]) => stacks.has(stack)));
}

function readState(files: ReadonlyMap<string, Buffer>, shared: FileConfig, today: string | undefined): State {
  const stacks = new Map<string, Settings | undefined>();
  const broken: FileProblems[] = [];
  const environments = new Map<string, readonly string[]>();
  for (const [stack, content] of files) {
    const read = readStackFile(content.toString());
    const checked = read.file === undefined ? read : settingsOf(read.file, shared, today);
    const { problems } = checked;
    stacks.set(stack, "settings" in checked ? checked.settings : undefined);
    if (problems.length > 0) broken.push({ stack, file: stackFilePath(stack), problems });
    const sources = read.file?.environments ?? [];
    if (sources.length > 0) environments.set(stack, sources);
  }
  return { stacks, broken, environments };
}
