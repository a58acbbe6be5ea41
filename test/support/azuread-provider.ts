import type { Cloud } from "../../sandbox/cloud/cloud.ts";
import type { CloudContext, CloudService } from "../../sandbox/cloud/service.ts";
import { azuread } from "../../sandbox/offline/providers/azuread/definition.ts";
import type {
  ConfiguredProvider,
  Properties,
  ProviderHost,
  ResourceDefinition,
  ResourceState,
} from "../../sandbox/offline/providers/definition.ts";
import { diffResource } from "../../sandbox/offline/providers/diff.ts";
import { checkResourceInputs, refreshInputs, withoutDefaultsKey } from "../../sandbox/offline/providers/inputs.ts";
import {
  type Client,
  createMicrosoftCloud,
  graphClient,
  type GraphClient,
  type MicrosoftCloud,
  tenant,
} from "./directory.ts";

/** A resource, and the checked inputs that it was made from. */
export interface CreatedResource extends ResourceState {
  readonly inputs: Properties;
}

/** The azuread stand-in, signed in to an emulated directory. */
export interface SignedInProvider extends MicrosoftCloud {
  readonly provider: ConfiguredProvider;
  /** Who is signed in: an application that may manage what it owns. */
  readonly caller: Client;
  /** Asks the directory as an administrator, behind the provider's back. */
  readonly admin: GraphClient;
  resource(type: string): ResourceDefinition;
  /** Creates a resource with the provider's defaults filled in, as the engine does. */
  create(type: string, given: Properties): Promise<CreatedResource>;
  /** The paths that a refresh would show as changed; `gone` where there is nothing any more. */
  refresh(resource: ResourceDefinition, created: CreatedResource): Promise<readonly string[] | "gone">;
  /** An application registration to hang other resources on; its requests are not counted. */
  registration(): Promise<CreatedResource & { readonly objectId: string; readonly clientId: string }>;
  invoke(name: string, args: Properties): Promise<Properties>;
  /** What was asked of Microsoft Graph since the last call, as `METHOD path`, with the given ids replaced by names. */
  requests(names?: Readonly<Record<string, string>>): readonly string[];
}

/** A host whose requests the cloud answers in this process. */
export function hostOf(cloud: Cloud, environment: ProviderHost["environment"]): ProviderHost {
  return { environment, fetch: (input, init) => cloud.fetch(new Request(input, init)) };
}

export async function signedInProvider(
  ...others: readonly ((context: CloudContext) => CloudService)[]
): Promise<SignedInProvider> {
  const microsoft = createMicrosoftCloud(...others);
  const { cloud } = microsoft;
  const caller = microsoft.addClient({ displayName: "caller", graphRoles: ["Application.ReadWrite.OwnedBy"] });
  const administrator = microsoft.addClient({ displayName: "admin", graphRoles: ["Application.ReadWrite.All"] });
  const admin = graphClient(cloud, await microsoft.token(administrator));
  const environment = { ARM_TENANT_ID: tenant.id, ARM_CLIENT_ID: caller.appId, ARM_CLIENT_SECRET: caller.secret };
  const provider = await azuread.configure({}, hostOf(cloud, environment));
  cloud.requests.clear();

  function resource(type: string): ResourceDefinition {
    const found = provider.resources.find(({ token }) => token.endsWith(`:${type}`));
    if (!found) throw new Error(`no resource ${type}`);
    return found;
  }

  async function create(type: string, given: Properties): Promise<CreatedResource> {
    const { inputs, failures } = checkResourceInputs(resource(type), given, "it");
    if (failures.length > 0) throw new Error(failures.join("\n"));
    return { ...(await resource(type).create(withoutDefaultsKey(inputs))), inputs };
  }

  return {
    ...microsoft,
    provider,
    caller,
    admin,
    resource,
    create,
    async refresh(definition, { id, inputs, outputs }) {
      const now = await definition.read(id, outputs);
      if (!now) return "gone";
      const oldInputs = refreshInputs(definition, inputs, now.outputs);
      const changes = await diffResource(definition, { oldInputs, outputs: now.outputs, inputs, ignoreChanges: [] });
      return changes.map(({ path }) => path);
    },
    async registration() {
      const made = await create("ApplicationRegistration", { displayName: "widgets" });
      cloud.requests.clear();
      return { ...made, objectId: String(made.outputs.objectId), clientId: String(made.outputs.clientId) };
    },
    async invoke(name, args) {
      const call = provider.functions[`azuread:index/${name}:${name}`];
      if (!call) throw new Error(`no function ${name}`);
      return call(args);
    },
    requests(names = {}) {
      const asked = cloud.requests.all().filter(({ service }) => service === "graph");
      cloud.requests.clear();
      const replaced = Object.entries({ ...names, [caller.servicePrincipalId]: "CALLER" });
      return asked.map(({ method, path }) =>
        replaced.reduce((text, [id, name]) => text.replaceAll(id, name), `${method} ${path}`),
      );
    },
  };
}
