import { type Environments, findEnvironment } from "../../src/jobs/environment.ts";
import type { Job } from "../../src/jobs/job.ts";
import { credentialPattern } from "../../src/jobs/patterns/credential.ts";
import { deploymentPattern } from "../../src/jobs/patterns/deployment.ts";
import { example } from "../../src/jobs/patterns/pattern.ts";
import { refOf, type TrustEntry, trustOf } from "../../src/jobs/trust.ts";

/** A job that the rehearsal starts. */
export interface Scene extends Job {
  /** Whose job it is: the stack's own repository's, or another one's of the same owner. */
  readonly repository: "own" | "other";
  readonly event: "push" | "pull_request" | "merge_group";
  readonly ref: string;
  readonly approved: boolean;
}

const trunk = "refs/heads/main";
/** A name that no file uses for anything. */
const strange = "feedpass-rehearsal";

const push = (ref: string): Scene => ({ repository: "own", event: "push", ref, approved: true });

/** Jobs that a file means nothing by. */
export const strangeBranch: Scene = push(`refs/heads/${strange}`);
export const strangeEnvironment: Scene = { ...push(trunk), environment: strange };
export const pullRequest: Scene = { ...push("refs/pull/7/merge"), event: "pull_request" };
export const forkedPullRequest: Scene = { ...pullRequest, fromFork: true };

/** The job that a trust entry means. Of an environment it is one that starts from where it may be deployed from. */
export function sceneOf(entry: TrustEntry, environments: Environments): Scene {
  const { kind, value, workflow } = trustOf(entry);
  switch (kind) {
    case "branch":
    case "tag":
      return push(exampleOf(refOf({ kind, value })));
    case "pullRequest":
      return pullRequest;
    case "mergeQueue":
      return { ...push(queueRef(value)), event: "merge_group" };
    case "workflow":
      return { ...push(trunk), workflow: exampleOf(value) };
    case "environment":
      return {
        ...deploying(environments, value),
        environment: value,
        ...(workflow === undefined ? {} : { workflow: exampleOf(workflow) }),
      };
  }
}

function exampleOf(trusted: string): string {
  return example(credentialPattern(trusted)) ?? trusted;
}

/** Where a run of the branch's merge queue is. */
function queueRef(branch: string): string {
  return refOf({ kind: "mergeQueue", value: branch }).replace(/\*$/, "7-0123456");
}

/** The push of a tag or branch that may deploy to the environment; a pull request where nothing else may. */
function deploying(environments: Environments, name: string): Scene {
  const { tags = [], branches = [] } = findEnvironment(environments, name)?.deployFrom ?? {};
  const examplesOf = (patterns: readonly string[]) =>
    patterns.flatMap((pattern) => example(deploymentPattern(pattern)) ?? []);
  const [tag] = examplesOf(tags);
  const named = examplesOf(branches);
  const branch = named.find((one) => !one.startsWith("refs/pull/"));
  if (tag !== undefined) return push(`refs/tags/${tag}`);
  if (branch !== undefined) return push(`refs/heads/${branch}`);
  return named.length > 0 ? pullRequest : push(trunk);
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

function isPlainPush({ event, environment, workflow }: Scene): boolean {
  return event === "push" && environment === undefined && workflow === undefined;
}

/** The job in a few words: `push to branch main`, `environment release, from tag v1`. */
export function sceneWords(scene: Scene): string {
  const { environment, workflow, approved, fromFork, repository } = scene;
  const from =
    environment === undefined ? sourceWords(scene) : `environment ${environment}, from ${sourceWords(scene)}`;
  const ends = [
    ...(workflow === undefined ? [] : [`workflow ${workflow}`]),
    ...(fromFork ? ["from a fork"] : []),
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
