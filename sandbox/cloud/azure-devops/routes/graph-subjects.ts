import type { Store } from "../../store.ts";
import { type Call, collection, type Endpoint, ok, type Reply } from "../endpoint.ts";
import { azureDevOpsData, type Organization, type Subject } from "../entities.ts";
import { failures } from "../errors.ts";
import { graphSubject, subjectUrl } from "../graph-bodies.ts";
import { isGuid, scopeDescriptor, scopeOf } from "../identifiers.ts";
import { locations } from "../locations.ts";

/** How many subjects a page has. The real number is not documented; clients follow the continuation token. */
const pageSize = 100;

/**
 * Groups, service principals and users, and the ways between their descriptors and storage keys.
 * https://learn.microsoft.com/rest/api/azure/devops/graph
 */
export const graphSubjectEndpoints: readonly Endpoint[] = [
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/graph/groups"],
    location: locations.groups,
    handle(call) {
      const scope = call.query("scopeDescriptor");
      const project = scope === undefined ? undefined : demandScope(call, scope);
      return page(call, (subject) => subject.kind === "group" && (!project || subject.projectId === project));
    },
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/graph/groups/:groupDescriptor"],
    location: locations.groups,
    handle: (call) => one(call, call.param("groupDescriptor"), ["group"]),
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/graph/serviceprincipals"],
    location: locations.servicePrincipals,
    handle: (call) => page(call, (subject) => subject.kind === "servicePrincipal"),
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/graph/serviceprincipals/:servicePrincipalDescriptor"],
    location: locations.servicePrincipals,
    handle: (call) => one(call, call.param("servicePrincipalDescriptor"), ["servicePrincipal"]),
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/graph/users"],
    location: locations.users,
    handle: (call) => page(call, (subject) => subject.kind === "user" || subject.kind === "buildService"),
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/graph/users/:userDescriptor"],
    location: locations.users,
    handle: (call) => one(call, call.param("userDescriptor"), ["user", "buildService"]),
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/graph/descriptors/:storageKey"],
    location: locations.descriptors,
    handle({ store, organization, param }) {
      const key = param("storageKey").toLowerCase();
      const subject = azureDevOpsData(store).subjects.get(key);
      const descriptor =
        subject?.organizationId === organization.id ? subject.descriptor : projectScope(store, organization, key);
      if (descriptor === undefined) throw failures.descriptorUnknown(key);
      const base = `https://vssps.dev.azure.com/${organization.name}/_apis/Graph`;
      return ok({
        value: descriptor,
        _links: {
          self: { href: `${base}/Descriptors/${key}` },
          storageKey: { href: `${base}/StorageKeys/${descriptor}` },
          ...(subject && { subject: { href: subjectUrl(organization, subject) } }),
        },
      });
    },
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/graph/storagekeys/:subjectDescriptor"],
    location: locations.storageKeys,
    handle({ store, organization, param }) {
      const descriptor = param("subjectDescriptor");
      const scope = scopeOf(descriptor);
      const key =
        findSubject(store, organization, descriptor)?.id ??
        (scope !== undefined && projectScope(store, organization, scope) !== undefined ? scope : undefined);
      if (key === undefined) throw failures.storageKeyUnknown(descriptor);
      const base = `https://vssps.dev.azure.com/${organization.name}/_apis/Graph`;
      return ok({
        value: key,
        _links: {
          self: { href: `${base}/StorageKeys/${descriptor}` },
          descriptor: { href: `${base}/Descriptors/${key}` },
        },
      });
    },
  },
];

/** The subject of the organization with this descriptor. */
export function findSubject(store: Store, organization: Organization, descriptor: string): Subject | undefined {
  return azureDevOpsData(store).subjects.find(
    (subject) => subject.organizationId === organization.id && subject.descriptor === descriptor,
  );
}

function one({ store, organization }: Call, descriptor: string, kinds: readonly Subject["kind"][]): Reply {
  const subject = findSubject(store, organization, descriptor);
  if (!subject || !kinds.includes(subject.kind)) throw failures.subjectUnknown(descriptor);
  return ok(graphSubject(store, organization, subject));
}

/** A page of the organization's subjects, with the token of the next one in the header where there is one. */
function page({ store, organization, query }: Call, matches: (subject: Subject) => boolean): Reply {
  const types = query("subjectTypes")?.toLowerCase().split(",");
  const all = azureDevOpsData(store)
    .subjects.filter((subject) => subject.organizationId === organization.id)
    .filter((subject) => matches(subject) && (!types || types.includes(subject.descriptor.replace(/\..*$/, ""))));
  const start = offsetOf(query("continuationToken"));
  const next = start + pageSize;
  return collection(
    all.slice(start, next).map((subject) => graphSubject(store, organization, subject)),
    next < all.length ? { "X-MS-ContinuationToken": Buffer.from(String(next)).toString("base64url") } : {},
  );
}

function offsetOf(token: string | undefined): number {
  if (!token) return 0;
  const offset = Buffer.from(token, "base64url").toString();
  if (!/^\d+$/.test(offset)) throw failures.badRequest(`The continuation token '${token}' is not valid.`);
  return Number(offset);
}

/** The project that a scope descriptor names. */
function demandScope({ store, organization }: Call, descriptor: string): string {
  const projectId = scopeOf(descriptor);
  if (projectId === undefined || projectScope(store, organization, projectId) === undefined) {
    throw failures.scopeUnknown(projectId ?? descriptor);
  }
  return projectId;
}

function projectScope(store: Store, organization: Organization, projectId: string): string | undefined {
  const project = isGuid(projectId) ? azureDevOpsData(store).projects.get(projectId.toLowerCase()) : undefined;
  return project?.organizationId === organization.id ? scopeDescriptor(project.id) : undefined;
}
