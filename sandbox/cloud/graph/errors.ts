/** A refusal of Microsoft Graph's. */
export class GraphError extends Error {
  readonly status: number;
  /** e.g. `Request_ResourceNotFound` */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What Microsoft Graph refuses, in its words: https://learn.microsoft.com/graph/errors */
export const refusals = {
  invalidToken: (message: string) => new GraphError(401, "InvalidAuthenticationToken", message),
  identityNotFound: () =>
    new GraphError(
      401,
      "Authorization_IdentityNotFound",
      "The identity of the calling application could not be established.",
    ),
  denied: () =>
    new GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
  backingApplication: () =>
    new GraphError(
      403,
      "Authorization_RequestDenied",
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    ),
  notFound: (id: string) =>
    new GraphError(
      404,
      "Request_ResourceNotFound",
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  badRequest: (message: string) => new GraphError(400, "Request_BadRequest", message),
  conflict: (message: string) => new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", message),
  invalidProperty: (name: string) => new GraphError(400, "Request_BadRequest", `Invalid property '${name}'.`),
  readOnlyProperty: (name: string) =>
    new GraphError(400, "Request_BadRequest", `Property '${name}' is read-only and cannot be set.`),
  invalidValue: (name: string, resource: string) =>
    new GraphError(
      400,
      "Request_BadRequest",
      `Invalid value specified for property '${name}' of resource '${resource}'.`,
    ),
  invalidCredential: (message: string) => new GraphError(400, "InvalidFederatedIdentityCredentialValue", message),
  query: (message: string) => new GraphError(400, "BadRequest", message),
  notEmulated: (what: string) => new GraphError(501, "NotEmulated", `the sandbox does not emulate ${what}`),
} as const;

/**
 * Microsoft Graph's error body, as clients parse it.
 * @param now milliseconds
 * @param clientRequestId the caller's own, from the header of that name
 */
export function graphErrorResponse(error: GraphError, now: number, clientRequestId?: string): Response {
  const id = crypto.randomUUID();
  const headers = new Headers({ "request-id": id, "client-request-id": clientRequestId ?? id });
  if (error.status === 401) {
    headers.set(
      "WWW-Authenticate",
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
    );
  }
  return Response.json({ error: errorBody(error, now, id, clientRequestId) }, { status: error.status, headers });
}

/** The `error` member of a body. */
export function errorBody(error: GraphError, now: number, requestId: string, clientRequestId = requestId) {
  const innerError = {
    date: new Date(now).toISOString().slice(0, 19),
    "request-id": requestId,
    "client-request-id": clientRequestId,
  };
  return { code: error.code, message: error.message, innerError };
}
