import { failures } from "./errors.ts";

/** Where a resource is and in which versions: one entry of what `OPTIONS _apis` lists. */
export interface ApiLocation {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  /** The latest preview revision. */
  readonly resourceVersion: number;
  readonly minVersion: string;
  readonly maxVersion: string;
  /** The latest version that is no preview; `0.0` where there is none. */
  readonly releasedVersion: string;
}

/** The version that a request names: the query beats the Accept header. Undefined where it names none. */
export function requestedVersion(request: Request): string | undefined {
  const query = [...new URL(request.url).searchParams].find(([name]) => name.toLowerCase() === "api-version");
  if (query) return query[1];
  return /;\s*api-version=([^\s;,]+)/i.exec(request.headers.get("Accept") ?? "")?.[1];
}

/**
 * The version that answers. Reading without a version gives the latest; anything else has to name one.
 * https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-versioning
 * @throws ServiceError 400 where the resource has no such version
 */
export function negotiateVersion(location: ApiLocation, method: string, requested: string | undefined): string {
  if (requested === undefined) {
    if (method !== "GET" && method !== "HEAD") throw failures.versionMissing(method);
    return location.releasedVersion === "0.0" ? latestPreview(location) : location.releasedVersion;
  }
  const parsed = /^(\d+\.\d+)(-preview(?:\.(\d+))?)?$/.exec(requested);
  if (!parsed?.[1]) throw failures.versionMalformed(requested);
  const [, version, preview, revision] = parsed;
  if (Number(version) > Number(location.maxVersion)) throw failures.versionTooNew(version, location.maxVersion);
  const tooOld = Number(version) < Number(location.minVersion);
  if (tooOld || Number(revision ?? 0) > location.resourceVersion) {
    throw failures.versionNotOfRoute(requested, location.routeTemplate);
  }
  if (!preview && Number(version) > Number(location.releasedVersion)) throw failures.previewFlagMissing(version);
  return requested;
}

const latestPreview = ({ maxVersion, resourceVersion }: ApiLocation): string =>
  `${maxVersion}-preview.${resourceVersion}`;
