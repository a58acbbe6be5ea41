import { stackFilePath, stackOf } from "../../src/settings/config.ts";
import { type Problem, renderProblems } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import type { AccessState } from "../../src/access/state.ts";
import { doubleFiles, stacksFor, subjectRepository } from "../../src/settings/one-file.ts";
import {
  type FileConfig,
  nothingShared,
  type ProjectFile,
  readProjectFile,
  readStackFile,
  settingsOf,
} from "../../src/settings/stack-file.ts";
import { Failure } from "../failure.ts";
import { type BlobId, isBlob, listFiles, readBlobs } from "../git.ts";
import { type Project, projectFileName, stackFilesOnDisk, stackFolder } from "../project.ts";

/** What is wrong with one stack file. */
export interface FileProblems {
  readonly stack: string;
  readonly file: string;
  readonly problems: readonly Problem[];
}

/** What stack files say. */
export interface State extends AccessState {
  readonly broken: readonly FileProblems[];
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
  const [filesBefore, filesNow] = [only(before, concerned), only(disk, concerned)];
  const others = new Map([...disk].filter(([stack]) => !concerned.has(stack)));
  // An unchanged file may be for the repository of a changed one, which is one too many.
  const namesakes = withSameRepositories(others, [...filesBefore.values(), ...filesNow.values()], shared);
  return {
    // A secret that has ended since is no mistake of the commit's.
    before: readState(new Map([...filesBefore, ...namesakes]), sharedBefore, undefined),
    after: readState(new Map([...filesNow, ...namesakes]), shared, today),
    known,
  };
}

/** What all stacks share. A Pulumi.yaml that cannot be read says nothing about any of them. */
export function sharedBy(content: Buffer, name: string): ProjectFile {
  const { file, problems } = readProjectFile(content.toString());
  if (file === undefined) throw new Failure(renderProblems(name, problems));
  return file;
}

/** Those of the files that are for the repository of one of the texts. */
function withSameRepositories(
  files: ReadonlyMap<string, Buffer>,
  texts: readonly Buffer[],
  shared: ProjectFile,
): Map<string, Buffer> {
  if (files.size === 0) return new Map();
  const repositories = texts.flatMap((text) => {
    const { file } = readStackFile(text.toString());
    return (file && subjectRepository(file, shared)) ?? [];
  });
  const contents = [...files].map(([stack, content]) => [stack, content.toString()] as const);
  return only(files, new Set(stacksFor(contents, new Set(repositories), shared)));
}

function only(files: ReadonlyMap<string, Buffer>, stacks: ReadonlySet<string>): Map<string, Buffer> {
  return new Map([...files].filter(([stack]) => stacks.has(stack)));
}

function readState(contents: ReadonlyMap<string, Buffer>, project: ProjectFile, today: string | undefined): State {
  const files = new Map<string, FileConfig>();
  const stacks = new Map<string, Settings | undefined>();
  const broken: FileProblems[] = [];
  const reads = new Map([...contents].map(([stack, content]) => [stack, readStackFile(content.toString())]));
  const doubles = doubleFiles(
    new Map(
      [...reads].flatMap(([stack, { file }]) => {
        const repository = file && subjectRepository(file, project);
        return repository === undefined ? [] : [[stack, repository]];
      }),
    ),
  );
  for (const [stack, read] of reads) {
    const checked = read.file === undefined ? read : settingsOf(read.file, project, today);
    const double = doubles.get(stack);
    const problems = [...(double ? [double] : []), ...checked.problems];
    stacks.set(stack, problems.length === 0 && "settings" in checked ? checked.settings : undefined);
    if (problems.length > 0) broken.push({ stack, file: stackFilePath(stack), problems });
    if (read.file) files.set(stack, read.file);
  }
  return { stacks, files, project, broken };
}
