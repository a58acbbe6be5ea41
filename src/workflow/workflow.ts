import { feedPath } from "../feed.ts";
import type { Settings } from "../settings/schema.ts";
import { planSettings, type Setting } from "../variables.ts";
import { actions, type PinnedAction } from "./actions.ts";
import type { Filters } from "./filters.ts";
import { NothingToPrintError } from "./nothing-to-print.ts";
import { type Job, type Plan, planJobs } from "./plan.ts";
import { commented, fileText, pinned } from "./yaml.ts";

/**
 * The text of a complete workflow for a stack's repository: installs, builds and checks where the stack file trusts
 * branches and pull requests, and publishes from the environment or tag that it trusts. The same settings give the same
 * text.
 * @param action this project's own action, pinned
 * @throws NothingToPrintError where no job of the repository's own may sign in
 */
export function workflowText(settings: Settings, action: PinnedAction): string {
  const plan = planJobs(settings);
  const { jobs } = plan;
  const leftOut = plan.leftOut.map(({ words }) => words);
  if (jobs.length === 0) throw new NothingToPrintError(`no job may sign in: left out is ${leftOut.join("; ")}`);
  const isPublished = jobs.some(({ does }) => does !== "build");
  const heading = [
    `How ${settings.repository} ${isPublished ? "installs from and publishes to" : "installs from"} ${feedWords(settings)}.`,
    "Printed by `npx feedpass workflow` from the stack file: who signs in where is what it trusts.",
    ...leftOut.map((place) => `Left out: ${place}.`),
  ];
  const content = {
    name: "Package",
    on: eventsContent(plan),
    permissions: {},
    concurrency: {
      group: expression("github.workflow", "-", "github.ref"),
      "cancel-in-progress": expression("github.event_name == 'pull_request'"),
    },
    jobs: Object.fromEntries(jobs.map((job) => [job.id, jobContent(settings, job, action)])),
  };
  return fileText(content, heading, 2);
}

/** `the feed contoso/data/python`, `the feeds contoso/data/python and contoso/shared@Release`. */
function feedWords({ feeds }: Settings): string {
  const paths = Object.values(feeds).map(feedPath);
  return paths.length === 1 ? `the feed ${paths[0]}` : `the feeds ${paths.slice(0, -1).join(", ")} and ${paths.at(-1)}`;
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#on */
function eventsContent({ events, filters }: Plan): Record<string, unknown> {
  return {
    ...(events.has("push")
      ? { push: { ...filterContent("branches", filters.branches), ...filterContent("tags", filters.tags) } }
      : {}),
    ...(events.has("pull_request") ? { pull_request: null } : {}),
    // https://github.blog/changelog/2022-08-18-merge-group-webhook-event-and-github-actions-workflow-trigger/
    ...(events.has("merge_group") ? { merge_group: filterContent("branches", filters.queues) } : {}),
    ...(events.has("workflow_dispatch") ? { workflow_dispatch: null } : {}),
  };
}

function filterContent(key: "branches" | "tags", filters: Filters): Record<string, unknown> {
  const lines = filters.map(({ text, isNegative }) =>
    isNegative ? commented(text, "conditions ignore case: another case than below starts nothing") : text,
  );
  return lines.length === 0 ? {} : { [key]: lines };
}

/** `${{ … }}` for each part that is not punctuation alone. */
function expression(...parts: readonly string[]): string {
  return parts.map((part) => (part === "-" ? part : `\${{ ${part} }}`)).join("");
}

const titles = { build: "Build", publish: "Publish", "build and publish": "Build and publish" } as const;

function jobContent(settings: Settings, job: Job, action: PinnedAction): Record<string, unknown> {
  const { identity, environment, needs } = job;
  const isSecret = settings.identities[identity]?.signIn === "secret";
  const publishes = job.does !== "build";
  const builds = job.does !== "publish";
  return {
    name: `${titles[job.does]} (${environment === undefined ? identity : `${identity}, ${environment}`})`,
    if: job.condition,
    ...(needs === undefined ? {} : { needs }),
    "runs-on": "ubuntu-latest",
    "timeout-minutes": 20,
    ...(environment === undefined ? {} : { environment }),
    permissions: {
      ...(builds ? { contents: commented("read", "to check out") } : {}),
      ...(isSecret ? {} : { "id-token": commented("write", "to sign in without a secret") }),
    },
    steps: [
      ...(builds ? [checkOut] : [takeArtifact(job.artifact)]),
      setUpPython,
      signIn(settings, job, action, publishes),
      ...(job.does === "build" ? [install] : []),
      ...(builds ? [build, check] : []),
      ...(publishes ? [publish(builds, isSecret)] : []),
      ...(job.does === "build" && job.artifact !== undefined ? [keepArtifact(job.artifact)] : []),
      cleanUp(action),
    ],
  };
}

const checkOut = {
  name: "Check out",
  uses: pinned(actions.checkout),
  with: { "persist-credentials": false },
};

const setUpPython = {
  name: "Set up Python",
  uses: pinned(actions.setupPython),
  with: { "python-version": "3.x" },
};

const install = { name: "Install", run: "python -m pip install ." };

// The build back end, too, is installed from the feed, into an environment of its own.
const build = { name: "Build", run: "python -m pip install build twine\npython -m build\n" };

const check = { name: "Check", run: "python -m twine check --strict dist/*" };

function publish(hasTwine: boolean, isSecret: boolean) {
  const upload = "python -m twine upload dist/*";
  const run = hasTwine ? upload : `python -m pip install twine\n${upload}\n`;
  // A linter takes an upload without an ID token for one to PyPI, which needs no secret.
  return { name: "Publish", run: isSecret ? commented(run, "zizmor: ignore[use-trusted-publishing]") : run };
}

function keepArtifact(name: string) {
  return {
    name: "Keep what was built",
    uses: pinned(actions.uploadArtifact),
    with: { name, path: "dist/", "if-no-files-found": "error" },
  };
}

function takeArtifact(name: string | undefined) {
  return { name: "Take what was built", uses: pinned(actions.downloadArtifact), with: { name, path: "dist/" } };
}

function signIn(settings: Settings, job: Job, action: PinnedAction, publishes: boolean) {
  const identity = settings.identities[job.identity];
  const isSecret = identity?.signIn === "secret";
  const hasSeveralFeeds = Object.keys(identity?.roles ?? {}).length > 1;
  const reference = settingReferences(settings, job);
  return {
    name: "Sign in to the feed",
    uses: pinned(action),
    with: {
      ...(isSecret
        ? { credentials: reference("credentials") }
        : { "client-id": reference("clientId"), "tenant-id": reference("tenantId") }),
      "index-url": reference("indexUrl"),
      ...(hasSeveralFeeds ? { "extra-index-url": reference("extraIndexUrl") } : {}),
      ...(publishes ? { "upload-url": reference("uploadUrl") } : {}),
    },
  };
}

/** What the stack writes for the job, as the workflow reads it. */
function settingReferences({ identities }: Settings, job: Job): (content: Setting["content"]) => string {
  const written = planSettings(identities, false).filter(
    ({ identity, environment }) => identity === job.identity && environment === job.environment,
  );
  return (content) => {
    const setting = written.find((one) => one.content === content);
    if (setting === undefined) throw new Error(`nothing is written for ${content} of ${job.identity}`);
    return `\${{ ${setting.kind === "secret" ? "secrets" : "vars"}.${setting.name} }}`;
  };
}

function cleanUp(action: PinnedAction) {
  return {
    name: "Remove the credentials",
    if: "always()",
    uses: pinned(action),
    with: { mode: "cleanup" },
  };
}
