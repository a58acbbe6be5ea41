/** A refusal in the service's own words. */
export class ServiceError extends Error {
  readonly status: number;
  /** The exception class, which clients and tools go by. */
  readonly typeKey: string;
  readonly typeName: string;

  constructor(status: number, typeKey: string, message: string, namespace: string, assembly = namespace) {
    super(message);
    this.status = status;
    this.typeKey = typeKey;
    this.typeName = `${namespace}.${typeKey}, ${assembly}`;
  }
}

/** The body of every refusal (https://github.com/MicrosoftDocs/vsts-rest-api-specs/issues/414 shows one). */
function errorBody(error: Pick<ServiceError, "message" | "typeKey" | "typeName">): object {
  return {
    $id: "1",
    innerException: null,
    message: error.message,
    typeName: error.typeName,
    typeKey: error.typeKey,
    errorCode: 0,
    eventId: 3000,
  };
}

export function errorResponse(error: ServiceError, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(errorBody(error), {
    status: error.status,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
  });
}

const webApi = "Microsoft.VisualStudio.Services.WebApi";
const graph = "Microsoft.VisualStudio.Services.Graph";
const identity = "Microsoft.VisualStudio.Services.Identity";
const feed = "Microsoft.VisualStudio.Services.Feed.WebApi";
const core = "Microsoft.TeamFoundation.Core.WebApi";

/**
 * The refusals, each with its status, class and text. The texts of identities, the graph and versions are those of
 * https://github.com/actions/runner/tree/main/src/Sdk/Resources, which carries the same client library.
 */
export const failures = {
  versionMissing: (method: string) =>
    new ServiceError(
      400,
      "VssVersionNotSpecifiedException",
      `No api-version was supplied for the "${method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`,
      webApi,
    ),
  versionTooNew: (version: string, latest: string) =>
    new ServiceError(
      400,
      "VssVersionOutOfRangeException",
      `The requested REST API version of ${version} is out of range for this server. The latest REST API version this server supports is ${latest}.`,
      webApi,
    ),
  versionNotOfRoute: (version: string, route: string) =>
    new ServiceError(
      400,
      "VssVersionOutOfRangeException",
      `The request matched route ${route}, but the requested REST API version ${version} was outside the valid version range for this route.`,
      webApi,
    ),
  previewFlagMissing: (version: string) =>
    new ServiceError(
      400,
      "VssInvalidPreviewVersionException",
      `The requested version "${version}" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "${version}-preview"`,
      webApi,
    ),
  versionMalformed: (version: string) =>
    new ServiceError(
      400,
      "VssInvalidApiResourceVersionException",
      `The requested api-version is not in a valid format: ${version}`,
      webApi,
    ),
  badRequest: (problem: string) => new ServiceError(400, "ArgumentException", problem, "System", "mscorlib"),
  /** https://github.com/microsoft/terraform-provider-azuredevops/issues/86 */
  accessDenied: (user: string, resource: string, action: string) =>
    new ServiceError(
      403,
      "AccessCheckException",
      `Access Denied: ${user} needs the following permission(s) on the resource ${resource} to perform this action: ${action}`,
      "Microsoft.VisualStudio.Services.Security",
      webApi,
    ),
  areaUnknown: (id: string) =>
    new ServiceError(404, "VssResourceNotFoundException", `The resource area ${id} could not be found.`, webApi),
  projectNameUnknown: (name: string) =>
    new ServiceError(
      404,
      "ProjectDoesNotExistWithNameException",
      `TF200016: The following project does not exist: ${name}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`,
      core,
    ),
  projectIdUnknown: (id: string) =>
    new ServiceError(
      404,
      "ProjectDoesNotExistException",
      `VS800075: The project with id 'vstfs:///Classification/TeamProject/${id}' does not exist, or you do not have permission to access it.`,
      core,
    ),
  projectExists: (name: string) =>
    new ServiceError(
      409,
      "ProjectAlreadyExistsException",
      `TF200019: The following project already exists on the Azure DevOps Server: ${name}.`,
      core,
    ),
  processUnknown: (id: string) =>
    new ServiceError(404, "ProcessNotFoundException", `VS402362: Process with id ${id} does not exist.`, core),
  operationUnknown: (id: string) =>
    new ServiceError(
      404,
      "OperationNotFoundException",
      `The operation with id ${id} could not be found.`,
      "Microsoft.VisualStudio.Services.Operations",
      webApi,
    ),
  feedUnknown: (idOrName: string) =>
    new ServiceError(404, "FeedIdNotFoundException", `The feed with ID '${idOrName}' doesn't exist.`, feed),
  viewUnknown: (idOrName: string) =>
    new ServiceError(404, "FeedViewNotFoundException", `The view '${idOrName}' doesn't exist.`, feed),
  // The texts about views are the sandbox's own: no record of the real ones was found.
  viewNameTaken: (name: string) =>
    new ServiceError(409, "FeedViewNameAlreadyExistsException", `A view named '${name}' already exists.`, feed),
  viewNameInvalid: (name: string) =>
    new ServiceError(400, "InvalidFeedViewException", `The view name '${name}' is not valid.`, feed),
  viewTypeFixed: (name: string) =>
    new ServiceError(400, "InvalidFeedViewException", `The type of the view '${name}' cannot be chosen.`, feed),
  viewFixed: (name: string) =>
    new ServiceError(400, "InvalidFeedViewException", `The view '${name}' cannot be renamed or deleted.`, feed),
  /** https://github.com/MicrosoftDocs/azure-devops-docs/issues/13050 */
  feedNeedsPermission: (userId: string, permission: string) =>
    new ServiceError(
      403,
      "FeedNeedsPermissionsException",
      `User '${userId}' lacks permission to complete this action. You need to have '${permission}'.`,
      feed,
    ),
  feedNameTaken: (name: string) =>
    new ServiceError(409, "FeedNameAlreadyExistsException", `A feed named '${name}' already exists.`, feed),
  /** https://learn.microsoft.com/azure/devops/artifacts/artifacts-key-concepts */
  feedNameReserved: (name: string) =>
    new ServiceError(
      409,
      "FeedNotReleasedException",
      `The feed name '${name}' is still reserved by a deleted feed. It becomes available when that feed is permanently deleted.`,
      feed,
    ),
  feedNameInvalid: (name: string) =>
    new ServiceError(400, "InvalidFeedNameException", `The feed name '${name}' is not valid.`, feed),
  feedRoleInvalid: () =>
    new ServiceError(
      400,
      "PermissionInvalidRoleException",
      "The role 'custom' is not valid when setting feed permissions.",
      feed,
    ),
  identityUnknown: (legacyDescriptor: string) => {
    const [type, identifier] = splitOnce(legacyDescriptor, ";");
    return new ServiceError(
      404,
      "IdentityNotFoundException",
      `TF14045: The identity with type '${type}' and identifier '${identifier}' could not be found.`,
      identity,
      webApi,
    );
  },
  identityIdUnknown: (id: string) =>
    new ServiceError(
      404,
      "IdentityNotFoundException",
      `TF14045: The identity with TeamFoundationId ${id} could not be found.`,
      identity,
      webApi,
    ),
  storageKeyUnknown: (descriptor: string) =>
    new ServiceError(
      404,
      "StorageKeyNotFoundException",
      `VS403369: The storage key for descriptor '${descriptor}' could not be found.`,
      graph,
      webApi,
    ),
  descriptorUnknown: (storageKey: string) =>
    new ServiceError(
      404,
      "SubjectDescriptorNotFoundException",
      `VS403368: The subject descriptor for storage key '${storageKey}' could not be found.`,
      graph,
      webApi,
    ),
  subjectUnknown: (descriptor: string) =>
    new ServiceError(
      404,
      "GraphSubjectNotFoundException",
      `VS403325: The graph subject with descriptor '${descriptor}' could not be found. You may need to create the subject in the enclosing enterprise, or add organization-level memberships to make a subject in the enterprise visible in the enclosing organization`,
      graph,
      webApi,
    ),
  scopeUnknown: (scope: string) =>
    new ServiceError(
      404,
      "GroupScopeDoesNotExistException",
      `TF50620: The Azure DevOps identity scope ${scope} does not exist`,
      identity,
      webApi,
    ),
  membershipUnknown: (member: string, container: string) =>
    new ServiceError(
      404,
      "GraphMembershipNotFoundException",
      `VS403328: The graph membership for member descriptor '${member}' and container descriptor '${container}' could not be found. You may need to create this membership in the enclosing enterprise or organization.`,
      graph,
      webApi,
    ),
  containerIsNoGroup: (descriptor: string) =>
    new ServiceError(
      400,
      "CannotEditChildrenOfNonGroupException",
      `VS403339: Cannot add or remove child from graph subject with descriptor '${descriptor}' because it is not a group.`,
      graph,
      webApi,
    ),
  validUsersFixed: () =>
    new ServiceError(
      400,
      "ModifyEveryoneGroupException",
      "TF50618: The Azure DevOps Valid Users group cannot be modified directly.",
      identity,
      webApi,
    ),
  membershipCyclic: (group: string, member: string) =>
    new ServiceError(
      400,
      "AddMemberCyclicMembershipException",
      `TF50233: A cyclic group containment error occurred when adding a group member. The group ${member} already has the group ${group} as a contained member.`,
      identity,
      webApi,
    ),
  membershipCrossesProjects: (group: string, member: string) =>
    new ServiceError(
      400,
      "AddProjectGroupProjectMismatchException",
      `TF50375: Project group '${member}' cannot be added to group '${group}', it is from a different project.`,
      identity,
      webApi,
    ),
  /** What the real service can do and this one cannot. */
  notEmulated: (what: string) =>
    new ServiceError(501, "NotEmulated", `the sandbox does not emulate ${what}`, "Sandbox"),
} as const;

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
