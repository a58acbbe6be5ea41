import { z } from "zod";
import type { Store } from "../../store.ts";
import { collection, type Endpoint } from "../endpoint.ts";
import { azureDevOpsData, type FeedRole, type Organization, type Subject } from "../entities.ts";
import { enumeration } from "../enumeration.ts";
import { failures } from "../errors.ts";
import { feedEntries } from "../feed-roles.ts";
import { setFeedRole } from "../feeds.ts";
import { qualifiedName } from "../graph-bodies.ts";
import { ofOrganization } from "../identifiers.ts";
import { locations } from "../locations.ts";
import { demandFeedOf, inBothScopes } from "./feeds.ts";

/** The roles in the order of their numbers. A list is sorted by them, the highest first. */
const rolesByNumber = ["custom", "none", "reader", "contributor", "administrator", "collaborator"] as const;

const permissions = z.array(
  z.object({
    role: enumeration(rolesByNumber),
    identityDescriptor: z.union([
      z.string(),
      z
        .object({ identityType: z.string(), identifier: z.string() })
        .transform(({ identityType, identifier }) => `${identityType};${identifier}`),
    ]),
  }),
);

/** https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management/get-feed-permissions and set-feed-permissions */
export const feedPermissionEndpoints: readonly Endpoint[] = [
  {
    methods: ["GET"],
    paths: inBothScopes("feeds/:feedId/permissions"),
    location: locations.feedPermissions,
    handle(call) {
      const feed = demandFeedOf(call, "ReadPackages");
      const wanted = call.query("identityDescriptor");
      const withoutInherited = isTrue(call.query("excludeInheritedPermissions"));
      const withIds = isTrue(call.query("includeIds"));
      const entries = feedEntries(call.store, feed)
        .filter((entry) => !(withoutInherited && entry.inherited))
        .filter((entry) => wanted === undefined || entry.subject.legacyDescriptor === wanted)
        .sort((a, b) => rolesByNumber.indexOf(b.role) - rolesByNumber.indexOf(a.role));
      return collection(
        entries.map(({ subject, role, inherited }) => ({
          role,
          identityDescriptor: subject.legacyDescriptor,
          displayName: withIds ? qualifiedName(call.store, call.organization, subject) : null,
          identityId: withIds ? subject.id : null,
          isInheritedRole: inherited,
        })),
      );
    },
  },
  {
    methods: ["PATCH"],
    paths: inBothScopes("feeds/:feedId/permissions"),
    location: locations.feedPermissions,
    async handle(call) {
      const wanted = await call.body(permissions);
      const feed = demandFeedOf(call, "AdministerFeed");
      // All or nothing: everything is resolved before anything is set.
      const changes = wanted.map(({ role, identityDescriptor }) => ({
        role: settableRole(role),
        subject: demandSubject(call.store, call.organization, identityDescriptor),
      }));
      for (const { role, subject } of changes) setFeedRole(call.store, feed, subject, role);
      return collection(changes.map(appliedBody));
    },
  },
];

function appliedBody({ role, subject }: { readonly role: FeedRole | undefined; readonly subject: Subject }): object {
  return {
    role: role ?? "none",
    identityDescriptor: subject.legacyDescriptor,
    displayName: null,
    identityId: null,
    isInheritedRole: false,
  };
}

/** The role to set; undefined takes the role away. */
function settableRole(role: (typeof rolesByNumber)[number]): FeedRole | undefined {
  if (role === "custom") throw failures.feedRoleInvalid();
  return role === "none" ? undefined : role;
}

function demandSubject(store: Store, organization: Organization, descriptor: string): Subject {
  if (!descriptor.includes(";")) {
    throw failures.badRequest(
      "The string must have at least one character.\r\nParameter name: identityDescriptor.IdentityType",
    );
  }
  const legacyDescriptor = ofOrganization(descriptor, organization.id);
  const found = azureDevOpsData(store).subjects.find(
    (subject) =>
      subject.organizationId === organization.id &&
      subject.legacyDescriptor.toLowerCase() === legacyDescriptor.toLowerCase(),
  );
  if (!found) throw failures.identityUnknown(descriptor);
  return found;
}

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === "true";
