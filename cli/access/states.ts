import { stackFilePath, stackOf } from "../../src/settings/config.ts";
import { type Problem, renderProblems } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import type { AccessState } from "../../src/access/state.ts";
import { doubleFiles, stacksFor, subjectRepository } from "../../src/settings/one-file.ts";
import {
  type FileConfig,
  nothingShared,
  type ProjectFile,
  type ReadFile,
  readProjectFile,
  readStackFile,
  settingsOf,
} from "../../src/settings/stack-file.ts";
import { Failure } from "../failure.ts";
import { filesOfCommit, folderProblemOfCommit, type FoundFile } from "../files.ts";
import { isBlob, listEntries, type TreeEntry } from "../git.ts";
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
  return readState(stackFilesOnDisk(project), sharedBy({ content: project.projectFile }, projectFileName), today);
}

/** What the files were and are. */
export interface Change {
  readonly before: State;
  readonly after: State;
  /** The stacks that have a file in one of the two. */
  readonly known: ReadonlySet<string>;
  /** The stacks that have a file afterwards. */
  readonly present: ReadonlySet<string>;
}

/**
 * The state of a commit, and that of the working tree or of another commit. Only what may differ is read: the files that
 * changed, and those that are for the same repositories; all of them where what they share has changed.
 * @param head the commit that has the files afterwards, read from git alone; undefined for the working tree
 * @throws Failure where there is no checkout, or no such commit in it
 */
export async function statesSince(project: Project, reference: string, today: string, head?: string): Promise<Change> {
  const { root } = project;
  const [tree, files] = await Promise.all([
    listEntries(root, reference, listed),
    head === undefined ? filesOnDisk(project) : filesAt(root, head),
  ]);
  const committed = byStack(tree);
  const present = new Set(files.stacks.keys());
  const known = new Set([...present, ...committed.keys()]);
  // What all files share decides on every one of them.
  if (files.shared === undefined) {
    return { before: noState, after: brokenState(known, files.problems), known, present };
  }
  const { shared, stacks: disk } = files;
  const changed = [...known].filter((stack) => !isSame(disk.get(stack), committed.get(stack)));
  const paths = new Set([projectFileName, ...changed.map(stackFilePath)]);
  const found = await filesOfCommit(root, new Map([...tree].filter(([path]) => paths.has(path))));

  const projectFile = found.get(projectFileName);
  const sharedBefore = projectFile ? sharedBy(projectFile, `${projectFileName} at ${reference}`) : nothingShared;
  const before = new Map<string, FoundFile>();
  for (const stack of committed.keys()) {
    const file = found.get(stackFilePath(stack)) ?? disk.get(stack);
    if (file !== undefined) before.set(stack, file);
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
    present,
  };
}

/** The stack files, and what they share; or what is wrong with what every one of them needs. */
type Files = { readonly stacks: ReadonlyMap<string, FoundFile> } & (
  | { readonly shared: ProjectFile }
  | { readonly shared: undefined; readonly problems: readonly Problem[] }
);

function filesOnDisk(project: Project): Files {
  return { stacks: stackFilesOnDisk(project), shared: sharedBy({ content: project.projectFile }, projectFileName) };
}

const listed = [projectFileName, `${stackFolder}/`] as const;

async function filesAt(root: string, head: string): Promise<Files> {
  const tree = await listEntries(root, head, listed);
  const found = await filesOfCommit(root, tree);
  const stacks = new Map<string, FoundFile>();
  for (const stack of byStack(tree).keys()) {
    const file = found.get(stackFilePath(stack));
    if (file !== undefined) stacks.set(stack, file);
  }
  const folder = stacks.size > 0 ? undefined : await folderProblemOfCommit(root, head, stackFolder);
  const shared = readShared(found.get(projectFileName));
  const problems = [...shared.problems.map(toldOf(projectFileName)), ...(folder ? [toldOf(stackFolder)(folder)] : [])];
  if (shared.file === undefined || problems.length > 0) return { stacks, shared: undefined, problems };
  return { stacks, shared: shared.file };
}

/** A problem of something else, told of a stack file that needs it. */
const toldOf =
  (name: string) =>
  ({ path, text }: Problem): Problem => ({ path: `${name}: ${path}`, text });

/** The stack files among a commit's entries, whatever they are. */
function byStack(tree: ReadonlyMap<string, TreeEntry>): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const [path, entry] of tree) {
    const stack = stackOf(path.slice(stackFolder.length + 1));
    if (stack !== undefined && path === stackFilePath(stack)) entries.set(stack, entry);
  }
  return entries;
}

function isSame(file: FoundFile | undefined, entry: TreeEntry | undefined): boolean {
  return file?.content !== undefined && entry !== undefined && isBlob(file.content, entry.id);
}

/** What all stacks share. A Pulumi.yaml that cannot be read says nothing about any of them. */
export function sharedBy(projectFile: FoundFile, name: string): ProjectFile {
  const { file, problems } = readShared(projectFile);
  if (file === undefined) throw new Failure(renderProblems(name, problems));
  return file;
}

function readShared(projectFile: FoundFile | undefined): ReturnType<typeof readProjectFile> {
  if (projectFile === undefined)
    return { file: undefined, problems: [{ path: "line 1", text: "got nothing, expected a regular file" }] };
  if (projectFile.problem) return { file: undefined, problems: [projectFile.problem] };
  return readProjectFile(projectFile.content.toString());
}

/** Those of the files that are for the repository of one of the others. */
function withSameRepositories(
  files: ReadonlyMap<string, FoundFile>,
  others: readonly FoundFile[],
  shared: ProjectFile,
): Map<string, FoundFile> {
  if (files.size === 0) return new Map();
  const repositories = others.flatMap(({ content }) => {
    const { file } = content === undefined ? {} : readStackFile(content.toString());
    return (file && subjectRepository(file, shared)) ?? [];
  });
  const contents = [...files].flatMap(([stack, { content }]) =>
    content === undefined ? [] : [[stack, content.toString()] as const],
  );
  return only(files, new Set(stacksFor(contents, new Set(repositories), shared)));
}

function only(files: ReadonlyMap<string, FoundFile>, stacks: ReadonlySet<string>): Map<string, FoundFile> {
  return new Map([...files].filter(([stack]) => stacks.has(stack)));
}

const noState: State = { stacks: new Map(), files: new Map(), project: nothingShared, broken: [] };

function brokenState(stacks: Iterable<string>, problems: readonly Problem[]): State {
  const all = [...stacks];
  return {
    ...noState,
    stacks: new Map(all.map((stack) => [stack, undefined])),
    broken: all.map((stack) => ({ stack, file: stackFilePath(stack), problems })),
  };
}

function readFound({ content, problem }: FoundFile): ReadFile {
  return problem === undefined ? readStackFile(content.toString()) : { file: undefined, problems: [problem] };
}

function readState(found: ReadonlyMap<string, FoundFile>, project: ProjectFile, today: string | undefined): State {
  const files = new Map<string, FileConfig>();
  const stacks = new Map<string, Settings | undefined>();
  const broken: FileProblems[] = [];
  const reads = new Map([...found].map(([stack, file]) => [stack, readFound(file)]));
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
