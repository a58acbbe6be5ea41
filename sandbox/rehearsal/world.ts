import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FeedLocation, feedPath } from "../../src/feed.ts";
import { azureDevOpsData, type Feed } from "../cloud/azure-devops/entities.ts";
import { demandView } from "../cloud/azure-devops/feed-views.ts";
import { packageData } from "../cloud/azure-devops/packages/entities.ts";
import { addPackageFile, filesOf } from "../cloud/azure-devops/packages/feed-packages.ts";
import { type Cloud, createCloud } from "../cloud/cloud.ts";
import { findRepository, findUser } from "../cloud/github/accounts.ts";
import { type GitHubData, gitHubData } from "../cloud/github/data.ts";
import { seedGitHub } from "../cloud/github/seed.ts";
import { siteOfIssuer } from "../cloud/github/site.ts";
import { seedPypi } from "../cloud/pypi/seed.ts";
import { parseFileName } from "../cloud/python-packages/names.ts";
import { buildWheel } from "../cloud/python-packages/wheel.ts";
import type { CloudContext } from "../cloud/service.ts";
import { allServices } from "../cloud/services.ts";
import type { Snapshot, Store } from "../cloud/store.ts";
import { type Environment, networkEnvironment } from "../environment.ts";
import { openInternet } from "../internet.ts";
import type { PythonTools } from "../toolchain/python.ts";
import { makeTemporaryFolder, removeTemporaryFolder } from "./temporary-folder.ts";

/** A copy of the emulated services, to rehearse in: whatever happens there, the sandbox itself stays as it is. */
export interface World {
  readonly cloud: Cloud;
  readonly context: CloudContext;
  /** The GitHub that has the stack's repository. */
  readonly github: GitHubData;
  /** The way in, for the processes of jobs. */
  readonly network: Environment;
  /** The stack's names for those of its feeds that take packages from upstream sources. */
  readonly upstreams: ReadonlySet<string>;
  /** A repository of the same owner that the stack says nothing about, `owner/name`. */
  readonly otherRepository: string;
  close(): Promise<void>;
}

/** Who starts the jobs: nobody whom a file would name as a reviewer. */
export const actor = "feedpass-rehearsal";

/** A package that somebody published to each feed before, and that the project needs. */
export const privatePackage = { name: "feedpass-rehearsal-core", version: "1.0" };

/** A package that only the feed of this name has. */
export const feedPackage = (feed: string) => ({ name: `feedpass-rehearsal-of-${feed}`, version: "1.0" });

/** A package of the feed of this name that was not promoted to any view. */
export const draftPackage = (feed: string) => ({ name: `feedpass-rehearsal-draft-${feed}`, version: "1.0" });

/** A package that the public index has and the feed has not, for one job each: once it is saved, everybody finds it. */
export const publicPackage = (number: number) => ({ name: `feedpass-rehearsal-public-${number}`, version: "1.0" });

/** What `python -m build` installs, for the project. */
export const buildBackEnd = "setuptools";

export interface WorldOptions {
  /** What the services know once the stack is applied. */
  readonly state: Snapshot;
  /** `owner/name` */
  readonly repository: string;
  /** Who signs the tokens of its jobs, where it is not GitHub's own issuer. */
  readonly issuer?: string | undefined;
  /** By the stack's names for them. */
  readonly feeds: Readonly<Record<string, FeedLocation>>;
  readonly tools: PythonTools;
  /** How many public packages there have to be. */
  readonly publicPackages: number;
}

/** @throws Error where a feed is not there */
export async function openWorld({
  state,
  repository,
  issuer = "",
  feeds,
  tools,
  publicPackages,
}: WorldOptions): Promise<World> {
  const cloud = createCloud({ services: allServices });
  const { store } = cloud;
  store.restore(state);
  seedPypi(store, {
    folder: tools.wheelsFolder,
    packages: Array.from({ length: publicPackages }, (_, number) => ({
      ...publicPackage(number),
      files: { [`feedpass_rehearsal_public_${number}.py`]: "" },
    })),
  });
  const found = Object.entries(feeds).map(([name, location]) => ({ name, location, feed: findFeed(store, location) }));
  for (const { name, location, feed } of found) stockFeed(store, feed, { name, view: location.view, tools });
  const github = gitHubData(store, siteOfIssuer(issuer));
  const otherRepository = prepareGitHub(store, github, repository);

  const folder = makeTemporaryFolder("world");
  const authorityFile = join(folder, "authority.pem");
  const internet = await openInternet(cloud);
  writeFileSync(authorityFile, internet.authority);
  return {
    cloud,
    github,
    context: { store, now: Date.now, fetch: (request) => cloud.fetch(request) },
    network: networkEnvironment({ proxyUrl: internet.proxyUrl, authorityFile }),
    upstreams: new Set(found.filter(({ feed }) => hasUpstreams(feed)).map(({ name }) => name)),
    otherRepository,
    async close() {
      await internet.close();
      removeTemporaryFolder(folder);
    },
  };
}

function findFeed(store: Store, location: FeedLocation): Feed {
  const same = (left: string, right: string | undefined) => left.toLowerCase() === right?.toLowerCase();
  const { organizations, projects, feeds } = azureDevOpsData(store);
  const organization = organizations.find(({ name }) => same(name, location.organization));
  const project = projects.find(
    ({ organizationId, name }) => organizationId === organization?.id && same(name, location.project),
  );
  const found = feeds.find(
    ({ organizationId, projectId, name, deletedDate }) =>
      organizationId === organization?.id &&
      projectId === (project?.id ?? null) &&
      same(name, location.name) &&
      deletedDate === null,
  );
  if (!found) throw new Error(`there is no feed ${feedPath(location)}`);
  return found;
}

const hasUpstreams = ({ upstreamEnabled, upstreamSources }: Feed): boolean =>
  upstreamEnabled && upstreamSources.length > 0;

interface Stock {
  /** The stack's name for the feed. */
  readonly name: string;
  /** What it is installed through. */
  readonly view: string | undefined;
  readonly tools: PythonTools;
}

/**
 * What a feed in use has: private packages, and the tools that workflows install, which somebody who may has brought in.
 * A reader could not. All but the draft were promoted to the view.
 */
function stockFeed(store: Store, feed: Feed, { name, view, tools }: Stock): void {
  const views = view === undefined ? [] : [demandView(store, feed, view).id];
  const add = (fileName: string, content: () => Uint8Array, more: { upstreamId: string | null; views: string[] }) => {
    addMissing(store, feed, fileName, content, more);
  };
  const draft = draftPackage(name);
  for (const own of [privatePackage, feedPackage(name), draft]) {
    const { fileName, content } = buildWheel({
      ...own,
      files: { [`${own.name.replaceAll("-", "_")}.py`]: "answer = 42\n" },
    });
    add(fileName, () => content, { upstreamId: null, views: own === draft ? [] : views });
  }
  const upstreamId = hasUpstreams(feed) ? (feed.upstreamSources[0]?.id ?? null) : null;
  for (const fileName of readdirSync(tools.wheelsFolder)) {
    add(fileName, () => readFileSync(join(tools.wheelsFolder, fileName)), { upstreamId, views });
  }
}

function addMissing(
  store: Store,
  feed: Feed,
  fileName: string,
  content: () => Uint8Array,
  { upstreamId, views }: { readonly upstreamId: string | null; readonly views: readonly string[] },
): void {
  const project = parseFileName(fileName)?.project ?? "";
  const known = filesOf(store, feed.id, project);
  const [first = addPackageFile(store, feed.id, { fileName, content: content(), requiresPython: null, upstreamId })] =
    known;
  for (const { id, views: had } of known.length > 0 ? known : [first]) {
    packageData(store).files.update(id, { views: [...new Set([...had, ...views])] });
  }
}

/** Somebody who starts jobs, and a repository that is another one. */
function prepareGitHub(store: Store, data: GitHubData, repository: string): string {
  const [owner = ""] = repository.split("/");
  const name = "feedpass-rehearsal-other";
  const users = findUser(data, actor) ? [] : [{ login: actor }];
  const repositories = findRepository(data, owner, name) ? [] : [{ owner, name, private: true }];
  seedGitHub(store, { users, repositories }, data.site);
  return `${owner}/${name}`;
}
