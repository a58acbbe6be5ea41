import { type Call, collection, created, type Endpoint, ok } from "../endpoint.ts";
import { azureDevOpsData, type GroupSubject, type Organization, type Subject } from "../entities.ts";
import { failures } from "../errors.ts";
import { qualifiedName, subjectUrl } from "../graph-bodies.ts";
import { locations } from "../locations.ts";
import {
  addMembership,
  directGroupsOf,
  groupsOf,
  isCollectionAdministrator,
  isProjectAdministrator,
  membersOf,
} from "../memberships.ts";
import { findSubject } from "./graph-subjects.ts";

const onePath = ["/:organization/_apis/graph/memberships/:subjectDescriptor/:containerDescriptor"];

/** Who is in which group. https://learn.microsoft.com/rest/api/azure/devops/graph/memberships */
export const graphMembershipEndpoints: readonly Endpoint[] = [
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/graph/memberships/:subjectDescriptor"],
    location: locations.memberships,
    handle(call) {
      const subject = demandSubject(call, call.param("subjectDescriptor"));
      if ((call.query("depth") ?? "1") !== "1") {
        throw failures.badRequest("The only supported depth of traversal is 1.\r\nParameter name: depth");
      }
      const down = call.query("direction")?.toLowerCase() === "down";
      const pairs = down
        ? (subject.kind === "group" ? membersOf(call.store, subject) : []).map((member) => ({ member, group: subject }))
        : directGroupsOf(call.store, subject).map((group) => ({ member: subject, group }));
      return collection(pairs.map(({ member, group }) => membershipBody(call.organization, member, group)));
    },
  },
  {
    methods: ["GET", "HEAD"],
    paths: onePath,
    location: locations.membership,
    handle(call) {
      const { member, group } = demandMembership(call);
      return ok(membershipBody(call.organization, member, group));
    },
  },
  {
    methods: ["PUT"],
    paths: onePath,
    location: locations.membership,
    handle(call) {
      const member = demandSubject(call, call.param("subjectDescriptor"));
      const group = demandEditableGroup(call);
      const { store, organization } = call;
      if (member.kind === "group") {
        const crosses = member.projectId !== null && group.projectId !== member.projectId;
        const [groupName, memberName] = [
          qualifiedName(store, organization, group),
          qualifiedName(store, organization, member),
        ];
        if (crosses) throw failures.membershipCrossesProjects(groupName, memberName);
        if (member.id === group.id || groupsOf(store, group).has(member.id)) {
          throw failures.membershipCyclic(groupName, memberName);
        }
      }
      addMembership(store, member, group);
      return created(membershipBody(organization, member, group));
    },
  },
  {
    methods: ["DELETE"],
    paths: onePath,
    location: locations.membership,
    handle(call) {
      const member = demandSubject(call, call.param("subjectDescriptor"));
      const group = demandEditableGroup(call);
      azureDevOpsData(call.store).memberships.delete(`${member.id}/${group.id}`);
      return { status: 200 };
    },
  },
];

function demandSubject({ store, organization }: Call, descriptor: string): Subject {
  const found = findSubject(store, organization, descriptor);
  if (!found) throw failures.subjectUnknown(descriptor);
  return found;
}

/** The group in the URL, if its members can be changed and the caller may do it. */
function demandEditableGroup(call: Call): GroupSubject {
  const { store, organization, caller } = call;
  const group = demandSubject(call, call.param("containerDescriptor"));
  if (group.kind !== "group") throw failures.containerIsNoGroup(group.descriptor);
  const allowed =
    group.projectId === null
      ? isCollectionAdministrator(store, caller)
      : isProjectAdministrator(store, group.projectId, caller);
  if (!allowed) {
    const resource = qualifiedName(store, organization, group);
    throw failures.accessDenied(caller.displayName, resource, "Manage group membership");
  }
  if (group.wellKnown === "validUsers") throw failures.validUsersFixed();
  return group;
}

function demandMembership(call: Call): { readonly member: Subject; readonly group: Subject } {
  const [memberDescriptor, groupDescriptor] = [call.param("subjectDescriptor"), call.param("containerDescriptor")];
  const member = findSubject(call.store, call.organization, memberDescriptor);
  const group = findSubject(call.store, call.organization, groupDescriptor);
  const there =
    member !== undefined && group?.kind === "group" && membersOf(call.store, group).some(({ id }) => id === member.id);
  if (!there) throw failures.membershipUnknown(memberDescriptor, groupDescriptor);
  return { member, group };
}

function membershipBody(organization: Organization, member: Subject, group: Subject): object {
  const base = `https://vssps.dev.azure.com/${organization.name}/_apis/Graph/Memberships`;
  return {
    containerDescriptor: group.descriptor,
    memberDescriptor: member.descriptor,
    _links: {
      self: { href: `${base}/${member.descriptor}/${group.descriptor}` },
      member: { href: subjectUrl(organization, member) },
      container: { href: subjectUrl(organization, group) },
    },
  };
}
