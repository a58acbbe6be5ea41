import type { Tenant } from "./directory.ts";

const federationHelp = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const consentHelp =
  "This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.";

/** A refusal of Entra's, with its AADSTS number. */
export class EntraError extends Error {
  readonly status: number;
  /** The OAuth error, e.g. `invalid_client`. */
  readonly error: string;
  /** e.g. 700213 */
  readonly code: number;

  constructor(status: number, error: string, code: number, message: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.code = code;
  }
}

/**
 * What Entra refuses, in its words.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const refusals = {
  tenantNotFound: (name: string, error = "invalid_request") =>
    new EntraError(
      400,
      error,
      90002,
      `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    ),
  tenantMalformed: (name: string, error = "invalid_request") =>
    new EntraError(
      400,
      error,
      900023,
      `Specified tenant identifier '${name}' is neither a valid DNS name, nor a valid external domain.`,
    ),
  tenantMissing: () =>
    new EntraError(
      400,
      "invalid_request",
      50059,
      "No tenant-identifying information found in either the request or implied by any provided credentials.",
    ),
  instanceUnknown: () => new EntraError(400, "invalid_instance", 50049, "Unknown or invalid instance."),
  parameterMissing: (name: string) =>
    new EntraError(400, "invalid_request", 900144, `The request body must contain the following parameter: '${name}'.`),
  grantUnsupported: (grant: string) =>
    new EntraError(400, "unsupported_grant_type", 70003, `The app requested an unsupported grant type '${grant}'.`),
  scopeInvalid: (scope: string) =>
    new EntraError(
      400,
      "invalid_scope",
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    ),
  scopeNotDefault: (scope: string) =>
    new EntraError(
      400,
      "invalid_scope",
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  resourceNotFound: (resource: string, tenant: Tenant) =>
    new EntraError(
      400,
      "invalid_resource",
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenant.domain}. ${consentHelp} You might have sent your authentication request to the wrong tenant.`,
    ),
  applicationNotFound: (appId: string, tenant: Tenant) =>
    new EntraError(
      400,
      "unauthorized_client",
      700016,
      `Application with identifier '${appId}' was not found in the directory '${tenant.domain}'. ${consentHelp} You may have sent your authentication request to the wrong tenant.`,
    ),
  servicePrincipalMissing: (appId: string, tenant: Tenant) =>
    new EntraError(
      401,
      "invalid_client",
      7000229,
      `The client application ${appId} is missing service principal in the tenant ${tenant.id}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    ),
  applicationDisabled: (appId: string, displayName: string) =>
    new EntraError(400, "unauthorized_client", 7000112, `Application '${appId}'(${displayName}) is disabled.`),
  credentialMissing: () =>
    new EntraError(
      401,
      "invalid_client",
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ),
  secretInvalid: (appId: string) =>
    new EntraError(
      401,
      "invalid_client",
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
    ),
  secretExpired: (appId: string) =>
    new EntraError(
      401,
      "invalid_client",
      7000222,
      `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    ),
  assertionMalformed: () => new EntraError(400, "invalid_request", 50027, "JWT token is invalid or malformed."),
  assertionWithoutKey: () =>
    new EntraError(
      401,
      "invalid_client",
      5002723,
      "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header.",
    ),
  assertionAlgorithm: (algorithm: string) =>
    new EntraError(
      401,
      "invalid_client",
      5002738,
      `Invalid JWT token. '${algorithm}' is not a supported signature algorithm. Supported signing algorithms are: 'RS256, RS384, RS512'`,
    ),
  certificateUnknown: () =>
    new EntraError(
      401,
      "invalid_client",
      700027,
      "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]",
    ),
  federationMissing: (appId: string, displayName: string) =>
    new EntraError(
      401,
      "invalid_client",
      70025,
      `The client '${appId}'(${displayName}) has no configured federated identity credentials.`,
    ),
  issuerUnmatched: (issuer: string) => unmatched(700211, `issuer '${issuer}'`),
  audienceUnmatched: (audience: string) => unmatched(700212, `audience '${audience}'`),
  subjectUnmatched: (subject: string) => unmatched(700213, `subject '${subject}'`),
  expressionUnmatched: (subject: string) =>
    new EntraError(
      401,
      "invalid_client",
      7002131,
      `No matching federated identity record found for presented assertion subject '${subject}' or no federated identity credential expression matched. Please check your federated identity credential Subject, Expression, Audience and Issuer against the presented assertion. ${federationHelp}`,
    ),
  subjectCase: (subject: string) =>
    new EntraError(
      401,
      "invalid_client",
      7002138,
      `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. See documentation at: ${federationHelp}. See breaking change notification and remediation at: https://learn.microsoft.com/en-us/entra/identity-platform/reference-breaking-changes#august-2024.`,
    ),
  issuerUnreachable: () => new EntraError(400, "invalid_request", 90061, "Request to External OIDC endpoint failed."),
  issuerKeysUnreadable: () => new EntraError(400, "invalid_request", 900612, "Failed to parse provider signing keys."),
  issuerKeyUnknown: (key: string, issuer: string) =>
    new EntraError(
      401,
      "invalid_client",
      7000272,
      `The certificate with identifier ${key} used to sign the federated credential could not be found in the metadata of identity provider ${issuer}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.`,
    ),
  assertionSignature: () =>
    new EntraError(401, "invalid_client", 700027, "Client assertion failed signature validation."),
  assertionLifetime: (now: string, from: string, until: string) =>
    new EntraError(
      401,
      "invalid_client",
      700024,
      `Client assertion is not within its valid time range. Current time: ${now}, assertion valid from ${from}, expiry time of assertion ${until}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
    ),
} as const;

function unmatched(code: number, what: string): EntraError {
  return new EntraError(
    401,
    "invalid_client",
    code,
    `No matching federated identity record found for presented assertion ${what}. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${federationHelp}`,
  );
}

/**
 * Entra's error body, as clients parse it.
 * @param now milliseconds
 * @param correlationId the caller's own, from `client-request-id`; a new one where there is none
 */
export function entraErrorResponse(error: EntraError, now: number, correlationId?: string): Response {
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace("T", " ")}Z`;
  const traceId = crypto.randomUUID();
  const correlation = correlationId ?? crypto.randomUUID();
  const description = `AADSTS${error.code}: ${error.message} Trace ID: ${traceId} Correlation ID: ${correlation} Timestamp: ${timestamp}`;
  return Response.json(
    {
      error: error.error,
      error_description: description,
      error_codes: [error.code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${error.code}`,
    },
    { status: error.status, headers: { "Cache-Control": "no-store, no-cache", "x-ms-request-id": traceId } },
  );
}
