import * as pulumi from "@pulumi/pulumi";

/**
 * Builds components without an engine, and writes down what they register. Mocks know types, names and inputs; parents,
 * protection, aliases and dependencies they do not, and those are the engine tests' business.
 */

/** A resource as it was registered. A secret input is `{ secret: value }`, one that is not known yet is `notKnown`. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The URN of its explicit provider, or an empty text. */
  readonly provider: string;
}

/** A provider's function that was called. */
export interface Called {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider: string;
}

/** A resource as the engine has it once it is made: inputs and outputs, with its id, and secrets as plain values. */
export interface Made {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** For each property, the URNs of what went into it. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

export interface Recording<T> {
  readonly result: T;
  /** In no certain order. */
  readonly resources: readonly Registered[];
  /** In no certain order either. Not in a preview, which makes nothing. */
  readonly made: readonly Made[];
  readonly calls: readonly Called[];
}

/** What the provider's functions answer, by token. */
type Answers = Readonly<Record<string, (inputs: Readonly<Record<string, unknown>>) => object>>;

/** What a preview has for an input that only the provider can tell. */
export const notKnown = "(not known yet)";

/** The caller's object id, as every test has it. */
export const callerObjectId = "caller-object-id";

const ordinaryAnswers: Answers = {
  "azuread:index/getClientConfig:getClientConfig": () => ({ objectId: callerObjectId }),
  "azuredevops:index/getProject:getProject": ({ name }) => ({ id: `id of project ${String(name)}` }),
  "azuredevops:index/getGroup:getGroup": ({ name, projectId }) => ({
    descriptor: `vssgp of ${String(name)} in ${String(projectId)}`,
  }),
  "azuredevops:index/getFeed:getFeed": ({ name }) => ({ feedId: `id of feed ${String(name)}` }),
  "github:index/getTeam:getTeam": ({ slug }) => ({ id: String(String(slug).length) }),
  "github:index/getUser:getUser": ({ username }) => ({ id: String(100 + String(username).length) }),
};

/** How a secret travels to the engine: https://www.pulumi.com/docs/iac/concepts/secrets/ */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What a provider adds to the inputs of a new resource, by type. */
const outputs: Readonly<Record<string, (name: string) => object>> = {
  "azuread:index/applicationRegistration:ApplicationRegistration": (name) => ({
    clientId: `client id of ${name}`,
    objectId: `application object id of ${name}`,
  }),
  "azuread:index/servicePrincipal:ServicePrincipal": (name) => ({ objectId: `principal object id of ${name}` }),
  "azuread:index/applicationPassword:ApplicationPassword": (name) => ({
    value: { [signature]: secretSignature, value: `password of ${name}` },
  }),
  "azuredevops:index/servicePrincipalEntitlement:ServicePrincipalEntitlement": (name) => ({
    descriptor: `aadsp of ${name}`,
  }),
};

export interface RecordOptions {
  /** In place of the ordinary answers of these functions. */
  readonly answers?: Answers;
  /** Whether nothing exists yet: no new resource has an id, and what only its provider knows is not known. Default: false. */
  readonly preview?: boolean;
}

/** Runs `build`, and waits until all that it registers is registered. */
export async function record<T>(
  build: () => T | Promise<T>,
  { answers = {}, preview = false }: RecordOptions = {},
): Promise<Recording<T>> {
  const resources: Registered[] = [];
  const made: Made[] = [];
  const properties = new Map<string, Made["properties"]>();
  const calls: Called[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider = "" }) => {
        resources.push({ type, name, inputs: withSecretsMarked(inputs), provider: urnOf(provider) });
        if (preview) return { id: undefined, state: inputs };
        const state = { ...inputs, ...outputs[type]?.(name) };
        properties.set(`${type} ${name}`, { ...opened(state), id: `id of ${name}` });
        return { id: `id of ${name}`, state };
      },
      call: ({ token, inputs, provider = "" }) => {
        calls.push({ token, inputs: withSecretsMarked(inputs), provider: urnOf(provider) });
        const answer = answers[token] ?? ordinaryAnswers[token];
        if (answer === undefined) throw new Error(`no answer for ${token}`);
        return answer(inputs);
      },
    },
    "feedpass",
    "test",
    preview,
  );
  watchRegistrations(({ urn, type, name, dependencies }) => {
    const known = properties.get(`${type} ${name}`);
    if (known !== undefined) made.push({ urn, type, name, properties: known, dependencies });
  });
  const result = await build();
  await pulumi.runtime.disconnect();
  return { result, resources, made, calls };
}

/** Mocks are not told what went into which property, and the monitor that they stand for is. */
function watchRegistrations(tell: (registered: Omit<Made, "properties">) => void): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Registration, callback: (error: unknown, answer?: { getUrn(): string }) => void): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, answer) => {
      const dependencies = Object.fromEntries(
        request
          .getPropertydependenciesMap()
          .getEntryList()
          .map(([property]) => [property, request.getPropertydependenciesMap().get(property)?.getUrnsList() ?? []]),
      );
      if (answer) tell({ urn: answer.getUrn(), type: request.getType(), name: request.getName(), dependencies });
      callback(error, answer);
    });
}

/** What the SDK sends of a resource: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto */
interface Registration {
  getType(): string;
  getName(): string;
  getPropertydependenciesMap(): {
    getEntryList(): [string, unknown][];
    get(property: string): { getUrnsList(): string[] } | undefined;
  };
}

/** An output's value. */
export function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** A provider is told as `URN::ID`. */
function urnOf(provider: string): string {
  return provider.slice(0, Math.max(0, provider.lastIndexOf("::")));
}

function withSecretsMarked(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, marked(value)]));
}

function marked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null) return value;
  const entries = value as Readonly<Record<string, unknown>>;
  if (entries.__pulumiUnknown === true) return notKnown;
  return entries[signature] === secretSignature ? { secret: marked(entries.value) } : withSecretsMarked(entries);
}

/** The same with every secret as its value. */
function opened(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, openedValue(value)]));
}

function openedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(openedValue);
  if (typeof value !== "object" || value === null) return value;
  const entries = value as Readonly<Record<string, unknown>>;
  return entries[signature] === secretSignature ? openedValue(entries.value) : opened(entries);
}
