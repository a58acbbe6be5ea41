import { normalizedName, normalizedVersion, shortestVersion } from "../../python-packages/names.ts";
import { type FileLink, indexPage, projectPage } from "../../python-packages/simple-repository.ts";
import type { CloudContext } from "../../service.ts";
import type { Call, Endpoint } from "../endpoint.ts";
import type { Feed, FeedView, Organization } from "../entities.ts";
import { demandFeedPermission, hasFeedPermission } from "../feed-roles.ts";
import { demandReading, splitFeedAndView } from "../feed-views.ts";
import { demandFeed } from "../feeds.ts";
import type { PackageFile } from "./entities.ts";
import { methodNotAllowed, packageFailures } from "./failures.ts";
import { addPackageFile, admitsExternalVersions, contentOf, filesOf, projectsOf } from "./feed-packages.ts";
import { readUpload } from "./upload-form.ts";
import { fetchUpstreamFile, type UpstreamFile, upstreamFiles } from "./upstream.ts";

const paths = (rest: string): readonly string[] => [
  `/:organization/_packaging/:feed/pypi/${rest}`,
  `/:organization/:project/_packaging/:feed/pypi/${rest}`,
];

/**
 * A feed as an index of Python packages
 * (https://learn.microsoft.com/azure/devops/artifacts/quickstarts/python-packages). As the real one it speaks HTML only,
 * without metadata files (https://github.com/astral-sh/uv/issues/11379), and knows no HEAD
 * (https://github.com/astral-sh/uv/pull/1713). The real one redirects downloads to storage; this one has the bytes.
 */
export function pythonIndexEndpoints(context: CloudContext): readonly Endpoint[] {
  return [
    {
      methods: ["GET"],
      paths: paths("simple"),
      handle(call) {
        if (call.request.method === "HEAD") return methodNotAllowed("HEAD");
        const { feed, view } = demandFeedAndView(call);
        const projects = projectsOf(call.store, feed.id).filter(
          (project) => inView(filesOf(call.store, feed.id, project), view).length > 0,
        );
        return html(indexPage(`Simple index of ${feed.name}`, projects));
      },
    },
    {
      methods: ["GET"],
      paths: paths("simple/:package"),
      async handle(call) {
        if (call.request.method === "HEAD") return methodNotAllowed("HEAD");
        const { feed, view } = demandFeedAndView(call);
        const project = normalizedName(call.param("package"));
        const own = filesOf(call.store, feed.id, project);
        const names = new Set(own.map(({ fileName }) => fileName));
        const offered = view ? [] : await visibleUpstreamFiles(context, call, feed, project, own);
        const files = [...inView(own, view), ...offered.filter(({ fileName }) => !names.has(fileName))];
        if (files.length === 0) throw packageFailures.packageUnknown(feed.name, call.param("package"));
        const links = files.map((file) => link(call.organization, feed, view, project, file));
        return html(projectPage(project, links));
      },
    },
    {
      // Clients that are given the index's address to upload to.
      methods: ["POST"],
      paths: [...paths("simple"), ...paths("simple/:package")],
      handle: () => methodNotAllowed("POST"),
    },
    {
      methods: ["GET"],
      paths: paths("download/:package/:version/:file"),
      async handle(call) {
        if (call.request.method === "HEAD") return methodNotAllowed("HEAD");
        const { feed, view } = demandFeedAndView(call);
        const project = normalizedName(call.param("package"));
        const isWanted = ({ fileName, version }: { readonly fileName: string; readonly version: string }) =>
          fileName === call.param("file") &&
          shortestVersion(version) === shortestVersion(normalizedVersion(call.param("version")) ?? "");
        const own = inView(filesOf(call.store, feed.id, project), view).find(isWanted);
        if (own) return bytes(contentOf(call.store, own));
        const admitted = !view && admitsExternalVersions(call.store, feed.id, project);
        const offered = admitted ? (await upstreamFiles(context, feed, project)).find(isWanted) : undefined;
        if (!offered) throw packageFailures.fileUnknown(feed.name, call.param("file"));
        return bytes(contentOf(call.store, await saveFromUpstream(context, call, feed, offered)));
      },
    },
    {
      methods: ["POST"],
      paths: paths("upload"),
      async handle(call) {
        const { feed, view } = demandFeedAndView(call);
        demandFeedPermission(call.store, feed, call.caller, "AddPackage");
        if (view) throw packageFailures.viewIsReadOnly(`${feed.name}@${view.name}`);
        const upload = await readUpload(call.request);
        const own = filesOf(call.store, feed.id, upload.project);
        if (own.some(({ fileName }) => fileName === upload.fileName)) {
          throw packageFailures.fileExists(feed.name, upload.fileName, upload.label);
        }
        const offered = await visibleUpstreamFiles(context, call, feed, upload.project, own);
        const taken = offered.find(({ version }) => shortestVersion(version) === shortestVersion(upload.version));
        if (taken) throw packageFailures.versionInUpstream(upload.label, taken.source.name);
        addPackageFile(call.store, feed.id, { ...upload, upstreamId: null });
        return { status: 202 };
      },
    },
  ];
}

/**
 * The feed and the view, `feed@view`, that the URL names.
 * @throws ServiceError 404 where there is no such feed or view in this scope, 403 where the caller may not read what is named
 */
function demandFeedAndView(call: Call): { readonly feed: Feed; readonly view: FeedView | undefined } {
  const [feedName, viewName] = splitFeedAndView(call.param("feed"));
  const feed = demandFeed(call.store, call, feedName);
  return { feed, view: demandReading(call.store, feed, call.caller, viewName) };
}

/** The implicit view has all that the feed has itself, the others have what was promoted to them. */
const inView = (files: readonly PackageFile[], view: FeedView | undefined): readonly PackageFile[] =>
  view === undefined || view.type === "implicit" ? files : files.filter(({ views }) => views.includes(view.id));

/**
 * What the caller sees of the upstream sources. Who may not save from them does not make the feed ask them for a package
 * that it has nothing of; of a package that it has, everybody sees the versions that could be saved
 * (https://github.com/Azure/azure-sdk-tools/issues/6778, https://github.com/microsoft/terminal/pull/19243).
 */
async function visibleUpstreamFiles(
  context: CloudContext,
  call: Call,
  feed: Feed,
  project: string,
  own: readonly PackageFile[],
): Promise<readonly UpstreamFile[]> {
  if (!admitsExternalVersions(call.store, feed.id, project)) return [];
  const maySave = hasFeedPermission(call.store, feed, call.caller, "AddUpstreamPackage");
  return maySave || own.length > 0 ? await upstreamFiles(context, feed, project) : [];
}

/**
 * The first download of an upstream file saves it in the feed, which takes the Collaborator role or more
 * (https://learn.microsoft.com/azure/devops/artifacts/how-to/set-up-upstream-sources).
 */
async function saveFromUpstream(
  context: CloudContext,
  call: Call,
  feed: Feed,
  offered: UpstreamFile,
): Promise<PackageFile> {
  demandFeedPermission(call.store, feed, call.caller, "AddUpstreamPackage");
  const content = await fetchUpstreamFile(context, offered);
  const { fileName, requiresPython, source } = offered;
  const meanwhile = filesOf(call.store, feed.id, normalizedName(call.param("package"))).find(
    (file) => file.fileName === fileName,
  );
  return meanwhile ?? addPackageFile(call.store, feed.id, { fileName, content, requiresPython, upstreamId: source.id });
}

/** Links name project, feed and view by their ids, and the version at its shortest. */
function link(
  organization: Organization,
  feed: Feed,
  view: FeedView | undefined,
  project: string,
  file: PackageFile | UpstreamFile,
): FileLink {
  const scope = feed.projectId === null ? organization.name : `${organization.name}/${feed.projectId}`;
  const source = view ? `${feed.id}@${view.id}` : feed.id;
  const { fileName, version, sha256, requiresPython } = file;
  const path = `pypi/download/${project}/${shortestVersion(version)}/${fileName}`;
  const url = `https://pkgs.dev.azure.com/${scope}/_packaging/${source}/${path}`;
  return { fileName, url, sha256, requiresPython, metadataSha256: null };
}

const html = (page: string): Response =>
  new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } });

const bytes = (content: Uint8Array<ArrayBuffer>): Response =>
  new Response(content, { headers: { "Content-Type": "application/octet-stream" } });
