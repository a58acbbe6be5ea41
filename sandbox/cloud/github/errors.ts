import type { ContentfulStatusCode } from "hono/utils/http-status";

/** The page of an error that belongs to no operation. */
const generalPage = "https://docs.github.com/rest";
const secondaryLimitPage =
  "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits";

/** The words of GitHub where it was asked for too much at once. Clients look for "secondary rate limit". */
const secondaryLimit =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.";

/** https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
export interface FieldError {
  readonly resource: string;
  readonly code: "custom" | "missing_field" | "unprocessable";
  readonly field: string;
  readonly message?: string;
}

/** A refusal in GitHub's words. */
export class GitHubError extends Error {
  readonly status: ContentfulStatusCode;
  /** Replaces the page of the operation in `documentation_url`. */
  readonly documentationUrl: string | undefined;
  /** What is wrong in particular, where GitHub tells; undefined where it does not. */
  readonly errors: readonly FieldError[] | undefined;

  constructor(
    status: ContentfulStatusCode,
    message: string,
    documentationUrl?: string,
    errors?: readonly FieldError[],
  ) {
    super(message);
    this.status = status;
    this.documentationUrl = documentationUrl;
    this.errors = errors;
  }
}

/** The resource is elsewhere now. */
export class MovedError extends Error {
  readonly status: 301 | 307;
  readonly location: string;

  constructor(status: 301 | 307, location: string) {
    super(status === 301 ? "Moved Permanently" : "Temporary Redirect");
    this.status = status;
    this.location = location;
  }
}

export const notFound = () => new GitHubError(404, "Not Found");
export const badCredentials = () => new GitHubError(401, "Bad credentials", generalPage);
export const requiresAuthentication = () => new GitHubError(401, "Requires authentication");
export const forbidden = (message: string) => new GitHubError(403, message);
export const conflict = (message: string) => new GitHubError(409, message);
export const unprocessable = (message: string) => new GitHubError(422, message);
export const validationFailed = (error: FieldError) => new GitHubError(422, "Validation Failed", undefined, [error]);
/** What GitHub answers to a body that its own description of the operation does not allow. */
export const invalidRequest = (detail: string) => new GitHubError(422, `Invalid request.\n\n${detail}`);

/** GitHub's error body. */
export function errorBody(
  status: number,
  message: string,
  documentationUrl = generalPage,
  errors?: readonly FieldError[],
) {
  return { message, ...(errors ? { errors } : {}), documentation_url: documentationUrl, status: String(status) };
}

/**
 * The answer of a GitHub that is in trouble, or that refuses before it looks: rate limits for 403 and 429, "Server
 * Error" for what fails inside.
 * @param code `Fault` for one of the sandbox's faults, in GitHub's own words; else the message stays
 */
export function troubleResponse(status: number, code: string, message: string): Response {
  const body =
    code === "Fault" ? faultBody(status, message) : errorBody(status, status === 404 ? "Not Found" : message);
  return Response.json(body, {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", "X-GitHub-Request-Id": requestId() },
  });
}

function faultBody(status: number, message: string) {
  if (status === 403 || status === 429) return errorBody(status, secondaryLimit, secondaryLimitPage);
  if (status === 401) return errorBody(status, "Bad credentials");
  if (status === 404) return errorBody(status, "Not Found");
  return errorBody(status, status >= 500 ? "Server Error" : message);
}

/** A request id as GitHub's, e.g. `8A1C:3F2B10:1B2C3D4:1C2D3E4F:6568A1B2`. */
export function requestId(): string {
  const hex = crypto.randomUUID().replaceAll("-", "").toUpperCase();
  return [hex.slice(0, 4), hex.slice(4, 10), hex.slice(10, 17), hex.slice(17, 24), hex.slice(24)].join(":");
}
