import { ownerOf } from "../accounts.ts";
import { onRepository, type Requirement, requireOrganization } from "../access.ts";
import type { Api, Call } from "../api.ts";
import { type Body, optionalBoolean, optionalTexts, readBody, requiredBoolean } from "../bodies.ts";
import type { Repository } from "../entities.ts";
import { GitHubError, invalidRequest } from "../errors.ts";
import { templateKeys } from "../oidc/claims.ts";
import { claimKeysOf, subjectForm, subjectPrefix } from "../oidc/subject.ts";
import { openOrganization } from "./organizations.ts";

const read: Requirement = { permission: "actions", access: "read", role: "read" };
const write: Requirement = { permission: "actions", access: "write", role: "admin" };

const repositoryPath = "/actions/oidc/customization/sub";
const organizationPath = "/orgs/:org/actions/oidc/customization/sub";

/** How the subjects of ID tokens are made, for one repository and for those of an organization that ask for it. */
export function oidcCustomizationRoutes(api: Api): void {
  onRepository(api, "GET", repositoryPath, read, (call, repository) => call.json(subjectView(call, repository)));

  onRepository(api, "PUT", repositoryPath, write, async (call, repository) => {
    const body = await readBody(call);
    const useDefault = requiredBoolean(body, "use_default");
    const keys = readClaimKeys(body);
    const optedIn = optionalBoolean(body, "use_immutable_subject") ?? repository.subject.optedIn;
    const includeClaimKeys = useDefault ? null : (keys ?? null);
    call.var.data.repositories.update(repository.id, {
      subject: { ...repository.subject, useDefault, includeClaimKeys, optedIn },
    });
    return call.json({}, 201);
  });

  api.get(organizationPath, (call) => {
    const organization = openOrganization(call);
    requireOrganization(call, organization, "organization_administration", "read");
    const { includeClaimKeys, useImmutableSubject } = organization.subject;
    return call.json({ include_claim_keys: includeClaimKeys, use_immutable_subject: useImmutableSubject });
  });

  api.put(organizationPath, async (call) => {
    const organization = openOrganization(call);
    requireOrganization(call, organization, "organization_administration", "write");
    const body = await readBody(call);
    const { subject } = organization;
    call.var.data.organizations.update(organization.id, {
      subject: {
        includeClaimKeys: readClaimKeys(body) ?? subject.includeClaimKeys,
        useImmutableSubject: optionalBoolean(body, "use_immutable_subject") ?? subject.useImmutableSubject,
      },
    });
    return call.json({}, 201);
  });
}

/**
 * The flag shows what was asked for, the prefix what is emitted: a repository that was born with immutable subjects says
 * false and has ids in its prefix (https://github.com/Azure/azure-dev/issues/9382).
 */
function subjectView(call: Call, repository: Repository) {
  const { data } = call.var;
  const owner = ownerOf(data, repository);
  const organization = owner.type === "Organization" ? owner.account.subject : undefined;
  const { subject } = repository;
  const { login, id } = owner.account;
  const names = { owner: login, ownerId: id, name: repository.name, id: repository.id };
  return {
    use_default: subject.useDefault,
    ...(subject.useDefault ? {} : { include_claim_keys: claimKeysOf(subject, organization) }),
    use_immutable_subject: subject.optedIn,
    sub_claim_prefix: subjectPrefix(names, subjectForm(subject, organization)),
  };
}

function readClaimKeys(body: Body): readonly string[] | undefined {
  const keys = optionalTexts(body, "include_claim_keys");
  const malformed = keys?.find((key) => !/^[A-Za-z0-9_]+$/.test(key));
  if (malformed !== undefined) throw invalidRequest(`${malformed} does not match /^[a-zA-Z0-9_]+$/.`);
  if (keys && new Set(keys).size < keys.length) throw invalidRequest("include_claim_keys has an item twice.");
  const unknown = keys?.find((key) => !templateKeys.includes(key));
  if (unknown !== undefined) throw new GitHubError(400, `${unknown} is not a claim that subjects can include`);
  return keys;
}
