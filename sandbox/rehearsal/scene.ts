import { matchesPattern } from "../cloud/github/fnmatch.ts";
import type { EnvironmentSettings } from "../../src/settings/schema.ts";
import { type TrustEntry, trustOf } from "../../src/jobs/trust.ts";

/** A job as an event starts it: all that decides who it is. */
export interface Scene {
  /** Whose job it is: the stack's own repository's, or another one's of the same owner. */
  readonly repository: "own" | "other";
  readonly event: "push" | "pull_request" | "merge_group";
  /** In full, e.g. `refs/heads/main`. */
  readonly ref: string;
  /** The job's environment, as its workflow writes it. */
  readonly environment?: string;
  /** The reusable workflow that the job is of, with its ref; otherwise it is one of the repository's own workflow. */
  readonly reusableWorkflow?: string;
  /** Whether a reviewer let the deployment pass, where one is asked. */
  readonly approved: boolean;
  /** The pull request comes from a fork. */
  readonly fork: boolean;
}

const trunk = "refs/heads/main";
/** A name that no file uses for anything. */
const strange = "feedpass-rehearsal";

const push = (ref: string): Scene => ({ repository: "own", event: "push", ref, approved: true, fork: false });

/** Jobs that a file means nothing by. */
export const strangeBranch: Scene = push(`refs/heads/${strange}`);
export const strangeEnvironment: Scene = { ...push(trunk), environment: strange };
export const pullRequest: Scene = { ...push("refs/pull/7/merge"), event: "pull_request" };
export const forkedPullRequest: Scene = { ...pullRequest, fork: true };

/** The job that a trust entry means. Of an environment it is one that starts from where the file lets it deploy. */
export function sceneOf(entry: TrustEntry, environments: Readonly<Record<string, EnvironmentSettings>>): Scene {
  const { kind, value, workflow } = trustOf(entry);
  switch (kind) {
    case "branch":
      return push(`refs/heads/${exampleOf(value)}`);
    case "tag":
      return push(`refs/tags/${exampleOf(value)}`);
    case "pullRequest":
      return pullRequest;
    case "mergeQueue":
      return { ...push(queueRef(value)), event: "merge_group" };
    case "workflow":
      return { ...push(trunk), reusableWorkflow: exampleOf(value) };
    case "environment":
      return {
        ...push(deployingRef(protectionOf(environments, value))),
        environment: value,
        ...(workflow === undefined ? {} : { reusableWorkflow: exampleOf(workflow) }),
      };
  }
}

/** https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue */
const queueOf = (branch: string): string => `refs/heads/gh-readonly-queue/${branch}/pr-`;

/** Where a run of the branch's merge queue is. */
export const queueRef = (branch: string): string => `${queueOf(branch)}7-0123456`;

/** The environment that GitHub finds by a name: whatever its case. Undefined for one that the file does not make. */
export function protectionOf(
  environments: Readonly<Record<string, EnvironmentSettings>>,
  name: string,
): EnvironmentSettings | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(environments).find(([written]) => written.toLowerCase() === wanted)?.[1];
}

/** A branch or tag that may deploy to the environment. */
function deployingRef(environment: EnvironmentSettings | undefined): string {
  const { tags = [], branches = [] } = environment?.deployFrom ?? {};
  const [tag] = tags;
  const [branch] = branches;
  if (tag !== undefined) return `refs/tags/${exampleOf(tag)}`;
  return branch === undefined ? trunk : `refs/heads/${exampleOf(branch)}`;
}

/**
 * A name that a pattern is for: by the rules of trust entries, and of Ruby's `File.fnmatch`, by which GitHub compares
 * what may deploy. Any other name is its own example.
 */
export function exampleOf(pattern: string): string {
  return pattern
    .replace(/\[([^\]])[^\]]*\]/g, (_, first: string) => (first === "!" || first === "^" ? "~" : first))
    .replace(/\*+/g, "1")
    .replaceAll("?", "1");
}

/**
 * Why GitHub would not start the job, as the file has it: the environment's own rules; undefined where it starts.
 * A job of another repository meets that repository's environments, which ask nothing.
 */
export function gateOf(
  scene: Scene,
  environments: Readonly<Record<string, EnvironmentSettings>>,
): "deployFrom" | "reviewers" | undefined {
  if (scene.environment === undefined || scene.repository === "other") return undefined;
  const environment = protectionOf(environments, scene.environment);
  if (environment === undefined) return undefined;
  if (!mayDeploy(environment, scene.ref)) return "deployFrom";
  return environment.reviewers !== undefined && !scene.approved ? "reviewers" : undefined;
}

/** What is protected is for the repository to say, and not for the file: where it asks for that, every branch may. */
function mayDeploy({ deployFrom }: EnvironmentSettings, ref: string): boolean {
  if (deployFrom === undefined || deployFrom.protectedBranches) return true;
  const { branches = [], tags = [] } = deployFrom;
  const [, folder, name = ""] = /^refs\/(heads|tags)\/(.*)$/.exec(ref) ?? [];
  if (folder === undefined) return branches.some((pattern) => matchesPattern(pattern, ref));
  return (folder === "heads" ? branches : tags).some((pattern) => matchesPattern(pattern, name));
}

/** Whether the entry is for the job: GitHub names the environment before the pull request before the ref. */
export function isTrusted(entry: TrustEntry, scene: Scene): boolean {
  if (scene.repository === "other" || scene.fork) return false;
  const { kind, value, workflow } = trustOf(entry);
  if (scene.environment !== undefined) {
    const isOfWorkflow = workflow === undefined || fits(workflow, scene.reusableWorkflow ?? "");
    return kind === "environment" && value === scene.environment && isOfWorkflow;
  }
  if (scene.event === "pull_request") return kind === "pullRequest";
  switch (kind) {
    case "branch":
      return fits(`refs/heads/${value}`, scene.ref);
    case "tag":
      return fits(`refs/tags/${value}`, scene.ref);
    case "mergeQueue":
      return scene.ref.startsWith(queueOf(value));
    case "workflow":
      return scene.reusableWorkflow !== undefined && fits(value, scene.reusableWorkflow);
    default:
      return false;
  }
}

/** In a trust entry `*` is any run of characters, slashes too, and `?` is one. */
function fits(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[\\^$.+()[\]{}|]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(name);
}

/** The job with the case of a name changed: its environment's, its branch's or its tag's. Undefined where it has none. */
export function inOtherCase(scene: Scene): Scene | undefined {
  if (scene.environment !== undefined) {
    const environment = changeCase(scene.environment);
    return environment === undefined ? undefined : { ...scene, environment };
  }
  if (!isPlainPush(scene)) return undefined;
  const [, folder = "", name = ""] = /^(refs\/(?:heads|tags)\/)(.*)$/.exec(scene.ref) ?? [];
  const changed = changeCase(name);
  return changed === undefined ? undefined : { ...scene, ref: folder + changed };
}

function changeCase(name: string): string | undefined {
  const changed = name.replace(/[a-z]/i, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  return changed === name ? undefined : changed;
}

/** The push of a branch as that of a tag with the same name, and the other way round. */
export function asOtherKind(scene: Scene): Scene | undefined {
  if (!isPlainPush(scene)) return undefined;
  const isTag = scene.ref.startsWith("refs/tags/");
  return {
    ...scene,
    ref: isTag ? scene.ref.replace("refs/tags/", "refs/heads/") : scene.ref.replace("refs/heads/", "refs/tags/"),
  };
}

function isPlainPush({ event, environment, reusableWorkflow }: Scene): boolean {
  return event === "push" && environment === undefined && reusableWorkflow === undefined;
}

/** The job in a few words: `push to branch main`, `environment release, from tag v1`. */
export function sceneWords(scene: Scene): string {
  const { environment, reusableWorkflow, approved, fork, repository } = scene;
  const from =
    environment === undefined ? sourceWords(scene) : `environment ${environment}, from ${sourceWords(scene)}`;
  const ends = [
    ...(reusableWorkflow === undefined ? [] : [`workflow ${reusableWorkflow}`]),
    ...(fork ? ["from a fork"] : []),
    ...(approved ? [] : ["not approved"]),
    ...(repository === "other" ? ["of another repository"] : []),
  ];
  return [from, ...ends].join(", ");
}

function sourceWords({ event, ref }: Scene): string {
  if (event === "pull_request") return "pull request";
  const kind = ref.startsWith("refs/tags/") ? "tag" : event === "merge_group" ? "merge queue" : "branch";
  return `${kind} ${ref.replace(/^refs\/(heads|tags)\//, "")}`;
}
