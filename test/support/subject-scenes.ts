import fc from "fast-check";
import { templateKeys } from "../../sandbox/cloud/github/oidc/claims.ts";
import type { TrustEntry } from "../../src/jobs/trust.ts";

// Repositories, files and jobs made up at random, and what a file means, without any look at subjects.

/** Names that are alike, and such as want to be taken for something else. */
const word = fc.constantFrom(
  "main",
  "v1",
  "v1.2",
  "v",
  "release",
  "x-stable",
  "pr-1",
  "ref",
  "refs",
  "context",
  "b",
  "environment",
);
const name = fc.oneof(
  { weight: 3, arbitrary: word },
  { weight: 1, arbitrary: fc.tuple(word, word).map(([one, other]) => `${one}/${other}`) },
);
const odd = fc.constantFrom(
  "x:ref:refs/tags/v1",
  "release",
  "refs/tags/v1",
  "a:pull_request",
  "ref",
  "it's",
  "v*",
  "50%3A",
  "x:job_workflow_ref:contoso/shared/.github/workflows/publish.yml@refs/heads/main",
);
const environment = fc.oneof(word, odd);
const workflowRef = fc
  .tuple(fc.constantFrom("contoso/shared", "contoso/widgets", "evil/shared"), fc.constantFrom("publish", "test"), name)
  .map(([repository, file, branch]) => `${repository}/.github/workflows/${file}.yml@refs/heads/${branch}`);

/** Most repositories are in no enterprise, or in one that has GitHub's own issuer. */
const enterprise = fc.option(
  fc.record({
    slug: fc.constantFrom("contoso", "octo-inc"),
    id: fc.constantFrom("6", "26"),
    includesSlugInIssuer: fc.boolean(),
  }),
);

/** Two owners, two names, two ids: alike enough to be taken for each other. */
export const repository: fc.Arbitrary<Place> = fc.record({
  owner: fc.constantFrom("contoso", "ref"),
  ownerId: fc.constantFrom("1", "21"),
  name: fc.constantFrom("widgets", "widgets2"),
  id: fc.constantFrom("2", "22"),
  visibility: fc.constantFrom("private", "public"),
  enterprise,
});

/** GitHub's own issuer. */
export const sharedIssuer = "https://token.actions.githubusercontent.com";

/** What a file can say of the issuer: the one of the repository's jobs, or another one. */
const fileIssuer = fc.oneof(
  { weight: 4, arbitrary: fc.constant("right" as const) },
  { weight: 1, arbitrary: fc.constantFrom("", "/contoso", "/octo-inc", "/Contoso").map((path) => sharedIssuer + path) },
);

/** Who signs for a repository, from the words of the documentation. */
export function signerOf({ enterprise: its }: Place): string {
  return its?.includesSlugInIssuer ? `${sharedIssuer}/${its.slug}` : sharedIssuer;
}

/** The keys of a template. GitHub's default first: most repositories have it. */
export const template = fc.oneof(
  fc.constant(["repo", "context"]),
  fc.shuffledSubarray(["repo", "context", "job_workflow_ref", "ref", "environment", "actor", "workflow"], {
    minLength: 1,
  }),
  fc.shuffledSubarray([...templateKeys], { minLength: 1, maxLength: 5 }),
);

/** What a job is, as far as tokens say. */
export interface Run {
  readonly event: string;
  readonly ref: string;
  readonly environment: string | null;
  /** The reusable workflow that the job is of; undefined for one of the repository's own. */
  readonly jobRef: string | undefined;
  readonly actor: string;
  readonly workflow: string;
}

/** A job that is alike to what the lists trust, or to what could be taken for it. */
export const job: fc.Arbitrary<Run> = fc
  .record({
    event: fc.constantFrom("push", "push", "workflow_dispatch", "merge_group", "pull_request", "pull_request_target"),
    ref: fc.oneof(
      name.map((branch) => `refs/heads/${branch}`),
      name.map((tag) => `refs/tags/${tag}`),
      name.map((branch) => `refs/heads/gh-readonly-queue/${branch}/pr-7-1a2b3c`),
    ),
    environment: fc.option(environment, { nil: null, freq: 2 }),
    jobRef: fc.option(workflowRef, { nil: undefined }),
    actor: fc.constantFrom("ada", "ref", "environment"),
    workflow: fc.oneof(word, odd),
  })
  .map((run) => (run.event === "pull_request" ? { ...run, ref: "refs/pull/7/merge" } : run));

const pattern = fc.constantFrom("v*", "v?", "release/*", "re*/x*", "x-*", "*-stable", "m*n", "v**", "*e*");
/** One entry of a trust list, of every kind. */
export const entry: fc.Arbitrary<TrustEntry> = fc.oneof(
  name.map((branch) => ({ branch })),
  name.map((tag) => ({ tag })),
  pattern.map((branch) => ({ branch })),
  pattern.map((tag) => ({ tag })),
  fc.constant({ pullRequest: true as const }),
  environment.map((chosen) => ({ environment: chosen })),
  fc.record({ environment, workflow: workflowRef }),
  fc.record({ environment, workflow: fc.constant("contoso/shared/.github/workflows/publish.yml@refs/heads/re*") }),
  name.map((mergeQueue) => ({ mergeQueue })),
  workflowRef.map((workflow) => ({ workflow })),
  fc.constant({ workflow: "contoso/shared/.github/workflows/publish.yml@refs/heads/re*" }),
);

/** What an entry means, from the words of the documentation and without looking at subjects. */
export function means(trusted: TrustEntry, run: Run, jobWorkflowRef: string): boolean {
  if ("environment" in trusted) {
    const isOfWorkflow = !("workflow" in trusted) || fits(trusted.workflow, jobWorkflowRef);
    return run.environment === trusted.environment && isOfWorkflow;
  }
  if (run.environment !== null) return false;
  const isPullRequest = run.event.startsWith("pull_request");
  if ("pullRequest" in trusted) return isPullRequest;
  if (isPullRequest) return false;
  if ("branch" in trusted) return fits(`refs/heads/${trusted.branch}`, run.ref);
  if ("tag" in trusted) return fits(`refs/tags/${trusted.tag}`, run.ref);
  if ("mergeQueue" in trusted) return fits(`refs/heads/gh-readonly-queue/${trusted.mergeQueue}/pr-*`, run.ref);
  return fits(trusted.workflow, jobWorkflowRef);
}

/** The job, changed into one that the entry means: of jobs made up at random hardly any is. */
function aimedAt(trusted: TrustEntry, run: Run): Run {
  const filled = (text: string) => text.replaceAll("*", "a/b").replaceAll("?", "1");
  if ("environment" in trusted) {
    const inEnvironment = { ...run, environment: trusted.environment };
    return "workflow" in trusted ? { ...inEnvironment, jobRef: filled(trusted.workflow) } : inEnvironment;
  }
  if ("pullRequest" in trusted) return { ...run, event: "pull_request", ref: "refs/pull/7/merge", environment: null };
  const push = { ...run, event: "push", environment: null };
  if ("branch" in trusted) return { ...push, ref: `refs/heads/${filled(trusted.branch)}` };
  if ("tag" in trusted) return { ...push, ref: `refs/tags/${filled(trusted.tag)}` };
  if ("mergeQueue" in trusted) return { ...push, ref: `refs/heads/gh-readonly-queue/${trusted.mergeQueue}/pr-7-1a2b` };
  return { ...push, ref: "refs/heads/main", jobRef: filled(trusted.workflow) };
}

/** `*` is any run of characters, slashes too, and `?` one. */
function fits(glob: string, text: string): boolean {
  const source = glob.replace(/[^A-Za-z0-9]/g, (character) => `\\${character}`);
  return new RegExp(`^${source.replaceAll("\\*", ".*").replaceAll("\\?", ".")}$`, "s").test(text);
}

/** A repository. */
export interface Place {
  readonly owner: string;
  readonly ownerId: string;
  readonly name: string;
  readonly id: string;
  readonly visibility: string;
  readonly enterprise: { readonly slug: string; readonly id: string; readonly includesSlugInIssuer: boolean } | null;
}

/** Which form the repository's subjects have. */
export const form = fc.constantFrom("names" as const, "immutable" as const);
/** What decides besides the repository: its subjects, what is trusted, and what runs. */
export const scene = fc
  .record({
    ofPlace: form,
    keys: template,
    trusted: entry,
    run: job,
    isAimed: fc.boolean(),
    both: fc.boolean(),
    written: fileIssuer,
  })
  .map((made) => (made.isAimed ? { ...made, run: aimedAt(made.trusted, made.run) } : made));
