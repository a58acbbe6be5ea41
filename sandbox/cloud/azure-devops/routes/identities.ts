import { type Call, collection, type Endpoint, ok } from "../endpoint.ts";
import { azureDevOpsData, type Subject } from "../entities.ts";
import { failures } from "../errors.ts";
import { qualifiedName } from "../graph-bodies.ts";
import { dashedGuid, ofOrganization } from "../identifiers.ts";
import { accountOf, type IdentityMembers, identityBody } from "../identity-body.ts";
import { locations } from "../locations.ts";
import { directGroupsOf, groupsOf, membersOf } from "../memberships.ts";

/** https://learn.microsoft.com/rest/api/azure/devops/ims/identities/read-identities */
export const identityEndpoints: readonly Endpoint[] = [
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/identities"],
    location: locations.identities,
    handle(call) {
      // What is asked for by name of its own and is not there takes its place as null.
      const found = asked(call).map((subject) => (subject ? withMembers(call, subject) : null));
      return collection(found);
    },
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/identities/:identityId"],
    location: locations.identities,
    handle(call) {
      const id = call.param("identityId");
      const subject = subjectsOf(call).find(
        (candidate) => candidate.id === dashedGuid(id) || candidate.descriptor === id,
      );
      if (!subject) throw failures.identityIdUnknown(id);
      return ok(withMembers(call, subject));
    },
  },
];

function asked(call: Call): ReadonlyArray<Subject | undefined> {
  const subjects = subjectsOf(call);
  const [ids, descriptors, subjectDescriptors] = [
    call.query("identityIds"),
    call.query("descriptors"),
    call.query("subjectDescriptors"),
  ];
  if (ids) {
    const wanted = ids.split(",").map(dashedGuid);
    return wanted.map((id) => subjects.find((subject) => subject.id === id));
  }
  if (descriptors) {
    const wanted = descriptors.split(",").map((name) => ofOrganization(name, call.organization.id).toLowerCase());
    return wanted.map((name) => subjects.find((subject) => subject.legacyDescriptor.toLowerCase() === name));
  }
  if (subjectDescriptors) {
    return subjectDescriptors.split(",").map((name) => subjects.find((subject) => subject.descriptor === name));
  }
  const value = call.query("filterValue")?.toLowerCase();
  if (!value) throw failures.badRequest("Value cannot be null.\r\nParameter name: filterValue");
  const names = namesBy(call, call.query("searchFilter") ?? "General");
  return subjects.filter((subject) => names(subject).some((name) => name.toLowerCase() === value));
}

/** The names of a subject that a kind of search compares. */
function namesBy(call: Call, searchFilter: string): (subject: Subject) => readonly string[] {
  const mail = (subject: Subject): readonly string[] => (subject.kind === "user" ? [subject.principalName] : []);
  const display = (subject: Subject): readonly string[] => [
    subject.displayName,
    qualifiedName(call.store, call.organization, subject),
  ];
  switch (searchFilter.toLowerCase()) {
    case "accountname":
      return (subject) => [accountOf(subject)];
    case "displayname":
      return display;
    case "mailaddress":
      return mail;
    case "localgroupname":
      return (subject) => (subject.kind === "group" ? display(subject) : []);
    case "general":
      return (subject) => [accountOf(subject), ...display(subject), ...mail(subject)];
    default:
      throw failures.badRequest(
        `The search filter '${searchFilter}' is not supported.\r\nParameter name: searchFilter`,
      );
  }
}

function subjectsOf({ store, organization }: Call): readonly Subject[] {
  return azureDevOpsData(store).subjects.filter((subject) => subject.organizationId === organization.id);
}

function withMembers(call: Call, subject: Subject): object {
  return identityBody(call.store, call.organization, subject, membersBy(call, subject));
}

function membersBy({ store, query }: Call, subject: Subject): IdentityMembers {
  const names = (subjects: readonly Subject[]): readonly string[] => subjects.map((one) => one.legacyDescriptor);
  const members = subject.kind === "group" ? names(membersOf(store, subject)) : [];
  const { subjects } = azureDevOpsData(store);
  switch (query("queryMembership")?.toLowerCase() ?? "none") {
    case "none":
      return { members: [], memberOf: [] };
    case "direct":
      return { members, memberOf: names(directGroupsOf(store, subject)) };
    case "expanded":
    case "expandedup":
      return { members, memberOf: names(subjects.filter(({ id }) => groupsOf(store, subject).has(id))) };
    case "expandeddown":
      return { members, memberOf: [] };
    default:
      throw failures.badRequest(
        `The value '${query("queryMembership")}' is not valid.\r\nParameter name: queryMembership`,
      );
  }
}
