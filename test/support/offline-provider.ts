import type { Cloud } from "../../sandbox/cloud/cloud.ts";
import type {
  ConfiguredProvider,
  Properties,
  ProviderHost,
  ResourceDefinition,
  ResourceState,
} from "../../sandbox/offline/providers/definition.ts";

/** A request as it left a provider. */
interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Parsed JSON; undefined where there is no body, text where it is no JSON. */
  readonly body: unknown;
}

/** A provider's way to a cloud in the same process, and what went over it. */
export interface RecordingHost extends ProviderHost {
  readonly sent: SentRequest[];
}

/** A host whose `fetch` ends in the cloud, without a socket. */
export function hostOf(cloud: Pick<Cloud, "fetch">, environment: ProviderHost["environment"] = {}): RecordingHost {
  const sent: SentRequest[] = [];
  return {
    environment,
    sent,
    async fetch(input, init) {
      const request = new Request(input, init);
      const { method, url, headers } = request;
      sent.push({ method, url, headers, body: parse(await request.clone().text()) });
      return cloud.fetch(request);
    },
  };
}

/** What reached the cloud since its log was cleared, as `METHOD host/path`. */
export function requestsTo(cloud: Cloud): readonly string[] {
  return cloud.requests.all().map(({ method, host, path }) => `${method} ${host}${path}`);
}

/** What left the provider, in the same form: without what the services ask of each other on its behalf. */
export function sentBy(host: RecordingHost): readonly string[] {
  return host.sent.map(({ method, url }) => `${method} ${new URL(url).host}${new URL(url).pathname}`);
}

/** The requests of one action. */
export async function requestsOf(cloud: Cloud, action: () => Promise<unknown>): Promise<readonly string[]> {
  cloud.requests.clear();
  await action();
  return requestsTo(cloud);
}

/** The definition of a resource type, by its token. */
export function definitionOf(provider: ConfiguredProvider, token: string): ResourceDefinition {
  const found = provider.resources.find((resource) => resource.token === token);
  if (!found) throw new Error(`the provider has no ${token}`);
  return found;
}

/** Calls a function of the provider, by its token. */
export function call(provider: ConfiguredProvider, token: string, args: Properties): Promise<Properties> {
  const found = provider.functions[token];
  if (!found) throw new Error(`the provider has no ${token}`);
  return found(args);
}

/** Makes a resource of inputs with the provider's defaults in them, as the engine's check leaves them. */
export function create(definition: ResourceDefinition, inputs: Properties): Promise<ResourceState> {
  return definition.create({ ...definition.defaults, ...inputs });
}

/** Changes a resource, as `create` makes it. */
export function update(
  definition: ResourceDefinition,
  state: ResourceState,
  inputs: Properties,
): Promise<ResourceState> {
  if (!definition.update) throw new Error(`${definition.token} cannot be updated`);
  return definition.update(state.id, { ...definition.defaults, ...inputs }, state.outputs);
}

/** The words with which an action fails. */
export async function refusalOf(action: Promise<unknown>): Promise<string> {
  const outcome = await action.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome.message;
  throw new Error("the action should have failed");
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
