import { ServiceError } from "../errors.ts";

const assembly = "Microsoft.VisualStudio.Services.Packaging.Shared.WebApi";

const failure = (status: number, typeKey: string, message: string): ServiceError =>
  new ServiceError(status, typeKey, message, `${assembly}.Exceptions`, assembly);

/** What the packaging service refuses. Texts without a link are the sandbox's own: no record of the real ones was found. */
export const packageFailures = {
  /** https://github.com/astral-sh/uv/issues/8817 */
  fileExists: (feed: string, fileName: string, packageVersion: string) =>
    failure(
      409,
      "PackageAlreadyExistsException",
      `The feed '${feed}' already contains file '${fileName}' in package '${packageVersion}'.`,
    ),
  /** https://microsoftlearning.github.io/AZ400-DesigningandImplementingMicrosoftDevOpsSolutions/ (package management) */
  versionInUpstream: (packageVersion: string, upstream: string) =>
    failure(
      409,
      "PackageExistsInUpstreamException",
      `'${packageVersion}' cannot be published to the feed because it exists in at least one of the feed's upstream sources. Publishing this copy would prevent you from using '${packageVersion}' from '${upstream}'. For more information, see https://go.microsoft.com/fwlink/?linkid=864880`,
    ),
  /** https://github.com/astral-sh/ruff/issues/10378 */
  metadataVersionUnsupported: (version: string, supported: readonly string[]) =>
    failure(
      400,
      "InvalidPackageException",
      `Metadata version '${version}' is unsupported. Supported versions are: ${supported.join(",")}.`,
    ),
  invalidUpload: (problem: string) => failure(400, "InvalidPackageException", problem),
  viewIsReadOnly: (feed: string) => failure(400, "FeedViewNotReleasedException", `The view '${feed}' is read-only.`),
  packageUnknown: (feed: string, name: string) =>
    failure(404, "PackageNotFoundException", `The package '${name}' was not found in the feed '${feed}'.`),
  fileUnknown: (feed: string, fileName: string) =>
    failure(404, "PackageNotFoundException", `The file '${fileName}' was not found in the feed '${feed}'.`),
  upstreamFailed: (upstream: string, status: number) =>
    failure(502, "UpstreamFailureException", `The upstream source '${upstream}' answered ${status}.`),
} as const;

/** https://github.com/astral-sh/uv/issues/7860 */
export const methodNotAllowed = (method: string): Response =>
  Response.json(
    { count: 1, value: { Message: `The requested resource does not support http method '${method}'.` } },
    { status: 405, headers: { "Content-Type": "application/json; charset=utf-8" } },
  );
