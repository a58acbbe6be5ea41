import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { feedNames, publishingFeeds } from "../../src/feed-roles.ts";
import { withUpstreams } from "../../src/settings/meaning.ts";
import type { Settings } from "../../src/settings/schema.ts";
import type { SecretEnd } from "../../src/settings/secret-end.ts";
import { planSettings } from "../../src/variables.ts";
import type { Snapshot } from "../cloud/store.ts";
import type { PythonTools } from "../toolchain/python.ts";
import { readAction } from "./definitions.ts";
import { knownEnvironments } from "./known-environments.ts";
import { type Case, type Check, deriveMatrix } from "./matrix.ts";
import { runAtOnce } from "./pool.ts";
import { type Stage, variablesOf } from "./run-job.ts";
import { sceneOf } from "./scene.ts";
import {
  type CaseResult,
  type CheckResult,
  type Known,
  type Package,
  probePackage,
  requestOf,
  tryCase,
} from "./try-case.ts";
import { type EventResult, idleJobs, printWorkflow, tryEvent, type WorkflowResult } from "./try-workflow.ts";
import { openWorld, privatePackage, type World } from "./world.ts";
import { makeTemporaryFolder, removeTemporaryFolder } from "./temporary-folder.ts";

/** All that a rehearsal found out. */
export interface Rehearsal {
  /** The printed workflow's jobs; none where nothing can be printed for the stack. */
  readonly workflow: readonly WorkflowResult[];
  readonly cases: readonly CaseResult[];
  /** What the workflow published, and readers installed after that; undefined where nothing was. */
  readonly published: Package | undefined;
  /** Whether everything went as the file says. */
  readonly agrees: boolean;
}

export interface RehearsalOptions {
  /** What the services know once the stack is applied. It stays as it is. */
  readonly state: Snapshot;
  readonly settings: Settings;
  /** Client secrets that have ended. Default: none */
  readonly ended?: readonly SecretEnd[] | undefined;
  readonly tools: PythonTools;
  /** Told how far it is, e.g. `rehearsing: 5 of 24 jobs have run`. Default: nobody is. */
  readonly onProgress?: (message: string) => void;
  /** Whether the printed workflow runs too. Default: true. */
  readonly withWorkflow?: boolean;
  /** What is tried. Default: what the file says. */
  readonly matrix?: (settings: Settings, upstreams: ReadonlySet<string>, ended: readonly SecretEnd[]) => Case[];
}

const actionFolder = fileURLToPath(new URL("../../actions/azure-artifacts", import.meta.url));
/** Jobs wait for the services, which are one process, for a part of their time: three keep two cores busy. */
const jobsAtOnce = 3;

/**
 * Runs the repository's workflow and every job that the file means something by, in a copy of the emulated services,
 * with the real clients. Whoever may publish goes first, so that the others install what was published.
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const {
    state,
    settings: written,
    ended = [],
    tools,
    onProgress = () => {},
    withWorkflow = true,
    matrix = deriveMatrix,
  } = options;
  const { repository, issuer, feeds } = written;
  // Whether there is something to save is known only in the world, whose size depends on it: at most one for each case.
  const publicPackages = matrix(written, new Set(Object.keys(feeds)), ended).length;
  const world = await openWorld({ state, repository, issuer, feeds, tools, publicPackages });
  const artifacts = makeTemporaryFolder("artifacts");
  try {
    const known = Object.keys(feeds).map((name) => [name, world.upstreams.has(name)] as const);
    const settings = withUpstreams(written, Object.fromEntries(known));
    const stage: Stage = { world, tools, action: readAction(actionFolder) };
    const cases = matrix(settings, world.upstreams, ended).map((tried, number) => ({ tried, number }));
    // Its jobs could not sign in: there is nothing to see of it until the secret is renewed.
    const isOver = ended.some(({ signIn }) => signIn === "secret");
    const printed = withWorkflow && !isOver ? printWorkflow(settings) : undefined;
    const events = [...(printed?.events.keys() ?? [])];
    const identities = knownIdentities(world, settings);
    const progress = countTo(events.length + cases.length, onProgress);

    const runs = new Map<number, EventResult>();
    const tryRun = (number: number) => async () => {
      if (printed === undefined) return;
      runs.set(number, await tryEvent(stage, printed, number, settings, join(artifacts, String(number))));
      progress();
    };
    const results = new Map<number, CaseResult>();
    const target = publishingFeed(settings);
    const tryOne =
      (published: Package | undefined) =>
      ({ tried, number }: (typeof cases)[number]) =>
      async () => {
        const identity = settings.identities[tried.identity];
        if (identity === undefined) throw new Error(`the file has no identity ${tried.identity}`);
        const ids = identities.get(tried.identity) ?? nothingKnown;
        // Who reads another feed, or a view, does not see what was published.
        const seesIt = target !== undefined && Object.hasOwn(identity.roles, target);
        const [first = ""] = feedNames(Object.keys(identity.roles));
        const wanted =
          published !== undefined && seesIt
            ? { wanted: published, wantedFrom: target }
            : { wanted: privatePackage, wantedFrom: first };
        results.set(number, await tryCase(stage, { tried, number, identity, repository, known: ids, ...wanted }));
        progress();
      };

    const isLast = ({ tried: { checks } }: (typeof cases)[number]) => checks.length > 1 && !checks.some(publishes);
    // The longest first, so that the cores are busy to the end.
    const early = cases.filter((each) => !isLast(each)).map(tryOne(undefined));
    await runAtOnce(jobsAtOnce, [...events.map(tryRun), ...early]);
    const published = [...runs.values()].find((run) => run.published)?.published;
    const [probe] = [...results].filter(([, { checks }]) => checks.some(hasPublished)).map(([number]) => number);
    const latest = published ?? (probe === undefined ? undefined : probePackage(probe));
    await runAtOnce(jobsAtOnce, cases.filter(isLast).map(tryOne(latest)));

    const ran = [...runs].sort(byNumber).flatMap(([, run]) => run.results);
    const workflow = [...ran, ...(printed ? idleJobs(printed, ran) : [])];
    const tried = [...results].sort(byNumber).map(([, result]) => result);
    return { workflow, cases: tried, published, agrees: [...workflow, ...tried].every(({ agrees }) => agrees) };
  } finally {
    await world.close();
    removeTemporaryFolder(artifacts);
  }
}

/** The stack's name for the feed that is published to; undefined where there is none, or more than one. */
function publishingFeed({ identities }: Settings): string | undefined {
  const names = Object.values(identities).flatMap(({ roles }) => publishingFeeds(roles));
  const [first, ...others] = new Set(names);
  return others.length === 0 ? first : undefined;
}

const publishes = ({ action, expected }: Check): boolean => action === "publish" && expected === "works";
const hasPublished = ({ action, seen }: CheckResult): boolean => action === "publish" && seen === "works";
const byNumber = ([left]: readonly [number, unknown], [right]: readonly [number, unknown]): number => left - right;

/** Tells how many have ended: none, some, all. */
function countTo(all: number, tell: (message: string) => void): () => void {
  let ended = 0;
  const say = () => tell(`rehearsing: ${ended} of ${all} jobs have run`);
  say();
  return () => {
    ended++;
    if (ended % 5 === 0 || ended === all) say();
  };
}

const nothingKnown: Known = { clientId: "", tenantId: "", indexUrl: "", uploadUrl: "" };

/** What the stack wrote for each identity, as one of its own jobs finds it. */
function knownIdentities(world: World, settings: Settings): Map<string, Known> {
  return new Map(
    Object.entries(settings.identities).flatMap(([name, { trust }]) => {
      const [entry] = trust;
      if (entry === undefined) return [];
      const scene = sceneOf(entry, knownEnvironments(settings));
      const request = requestOf(scene, settings.repository, world.otherRepository);
      const variables = variablesOf(world, { request, approved: true }) ?? {};
      const own = planSettings(settings.identities, false).filter(({ identity }) => identity === name);
      const written = (content: string) =>
        variables[own.find((setting) => setting.content === content)?.name ?? ""] ?? "";
      const known: Known = {
        clientId: written("clientId"),
        tenantId: written("tenantId"),
        indexUrl: written("indexUrl"),
        uploadUrl: written("uploadUrl"),
      };
      return [[name, known] as const];
    }),
  );
}
