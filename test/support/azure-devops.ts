import { seedAzureDevOps } from "../../sandbox/cloud/azure-devops/seed.ts";
import { azureDevOps } from "../../sandbox/cloud/azure-devops/service.ts";
import { type Answer, ask, type Client, createMicrosoftCloud, type MicrosoftCloud, tenant } from "./directory.ts";

/** What Azure DevOps' bodies hold; tests look into the members that they know. */
export interface DevOpsBody {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly value: readonly DevOpsBody[];
  readonly descriptor: string;
  readonly displayName: string;
  readonly message: string;
  readonly typeKey: string;
  readonly isSuccess: boolean;
  readonly servicePrincipalEntitlement: DevOpsBody;
  readonly servicePrincipal: DevOpsBody;
  readonly operationResult: { readonly errors: readonly unknown[]; readonly [member: string]: unknown };
  readonly [member: string]: unknown;
}

interface DevOpsRequest {
  /** A service principal that signs in, a header of its own, or nobody. Default: the administrator. */
  readonly as?: Client | { readonly authorization: string } | null;
  readonly body?: unknown;
  /** Default: `7.1-preview.1`; null leaves it out. */
  readonly version?: string | null;
}

/** An organization `contoso` with an administrator, a member, two projects and a feed in each scope. */
export interface DevOps extends MicrosoftCloud {
  readonly admin: Client;
  /** In the organization, and nothing more. */
  readonly member: Client;
  /** In the directory, and not in the organization. */
  readonly stranger: Client;
  readonly organizationId: string;
  /** Private. */
  readonly data: string;
  /** Visible to the organization. */
  readonly web: string;
  /** The feed of project data. */
  readonly python: string;
  /** The feed of the organization. */
  readonly shared: string;
  /** Graph descriptors of the administrator and the member. */
  readonly descriptors: { readonly admin: string; readonly member: string };
  /** Storage keys of the administrator and the member. */
  readonly keys: { readonly admin: string; readonly member: string };
  /** Asks at a production address: `request("GET", "dev.azure.com/contoso/_apis/projects")`. */
  request(method: string, url: string, options?: DevOpsRequest): Promise<Answer<DevOpsBody>>;
  /** The descriptor of a group by its name, in the project or in the organization. */
  group(name: string, projectId?: string): Promise<string>;
}

export const devOpsScope = "499b84ac-1321-427f-aa17-267ca6975798/.default";
export const personalAccessToken = "a-personal-access-token-of-ada-0123456789abcdefghijkl";

/** Makes the Microsoft cloud with Azure DevOps in it. */
export function createDevOps(options: { readonly expressLicences?: number } = {}): DevOps {
  const microsoft = createMicrosoftCloud(azureDevOps);
  const admin = microsoft.addClient({
    displayName: "platform",
    servicePrincipalId: "10000000-0000-4000-8000-000000000001",
  });
  const member = microsoft.addClient({
    displayName: "pipeline",
    servicePrincipalId: "10000000-0000-4000-8000-000000000002",
  });
  const stranger = microsoft.addClient({ displayName: "stranger" });
  const { contoso } = seedAzureDevOps(microsoft.cloud.store, {
    organizations: [
      {
        name: "contoso",
        tenantId: tenant.id,
        projects: [{ name: "data" }, { name: "web", visibility: "organization" }],
        feeds: [{ name: "python", project: "data", upstreamSources: ["pypi"] }, { name: "shared" }],
        administrators: [admin.servicePrincipalId],
        members: [member.servicePrincipalId],
        users: [{ principalName: "ada@contoso.com", displayName: "Ada", personalAccessTokens: [personalAccessToken] }],
        ...options,
      },
    ],
  });
  const named = (names: Readonly<Record<string, string>> | undefined, name: string): string => {
    const id = names?.[name];
    if (id === undefined) throw new Error(`the seed has no ${name}`);
    return id;
  };
  const seeded = (client: Client) => {
    const found = contoso?.members[client.servicePrincipalId];
    if (!found) throw new Error("the seed has no such member");
    return found;
  };

  async function authorization(as: DevOpsRequest["as"]): Promise<Record<string, string>> {
    if (as === null) return {};
    if (as && "authorization" in as) return { Authorization: as.authorization };
    return { Authorization: `Bearer ${await microsoft.token(as ?? admin, devOpsScope)}` };
  }

  const request: DevOps["request"] = async (method, url, { as, body, version = "7.1-preview.1" } = {}) =>
    ask<DevOpsBody>(
      microsoft.cloud,
      new Request(`https://${url}`, {
        method,
        headers: {
          ...(await authorization(as)),
          Accept: version === null ? "application/json" : `application/json;api-version=${version}`,
          "X-TFS-FedAuthRedirect": "Suppress",
          ...(body === undefined ? {} : { "Content-Type": "application/json;charset=utf-8" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );

  return {
    ...microsoft,
    admin,
    member,
    stranger,
    organizationId: contoso?.id ?? "",
    data: named(contoso?.projects, "data"),
    web: named(contoso?.projects, "web"),
    python: named(contoso?.feeds, "data/python"),
    shared: named(contoso?.feeds, "shared"),
    descriptors: { admin: seeded(admin).descriptor, member: seeded(member).descriptor },
    keys: { admin: seeded(admin).id, member: seeded(member).id },
    request,
    async group(name, projectId) {
      const { body } = await request("GET", "vssps.dev.azure.com/contoso/_apis/graph/groups");
      const domain = projectId
        ? `vstfs:///Classification/TeamProject/${projectId}`
        : "vstfs:///Framework/IdentityDomain";
      const found = body.value.find((group) => group.displayName === name && String(group.domain).startsWith(domain));
      if (!found) throw new Error(`there is no group ${name}`);
      return found.descriptor;
    },
  };
}
