import { status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type {
  CheckRequest,
  ConfigureRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  InvokeRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { GrpcError, unary } from "../grpc-server.ts";
import {
  type ConfiguredProvider,
  ImportError,
  type Properties,
  type ProviderDefinition,
  ProviderError,
  type ProviderHost,
  type ResourceDefinition,
  type ResourceState,
} from "./definition.ts";
import { diffResource, type ResourceChange } from "./diff.ts";
import { operationError } from "./errors.ts";
import { checkResourceInputs, importInputs, refreshInputs, withoutDefaultsKey } from "./inputs.ts";
import { decodeProperties, encodeProperties } from "./values.ts";

/** Inputs of a provider resource that the engine reads, not the provider. */
const engineInputs: ReadonlySet<string> = new Set(["version", "pluginDownloadURL", "pluginChecksums", "__internal"]);

/**
 * Serves a provider to the engine, as `ResourceProvider` of
 * https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto.
 * Each provider resource of each engine comes over a connection of its own to the same port, so what `Configure` made
 * is kept per connection. As with the official providers the engine unwraps secrets before a call, and marks what comes
 * back under the same name.
 */
export function createProviderService(
  definition: ProviderDefinition,
  host: ProviderHost,
): UntypedServiceImplementation {
  const configured = new Map<string, ConfiguredProvider>();
  const cancellations = new Map<string, AbortController>();

  /** Of one engine's provider resource: the others that share this process go on. */
  function cancellationOf(connection: string): AbortController {
    const found = cancellations.get(connection) ?? new AbortController();
    cancellations.set(connection, found);
    return found;
  }

  function configuredBy(connection: string): ConfiguredProvider {
    const found = configured.get(connection);
    if (!found) throw new GrpcError(status.FAILED_PRECONDITION, `the provider ${definition.name} is not configured`);
    return found;
  }

  function resourceOf(connection: string, urn: string): ResourceDefinition {
    const token = urn.split("::")[2]?.split("$").at(-1);
    const found = configuredBy(connection).resources.find((resource) => resource.token === token);
    if (!found) {
      throw new GrpcError(status.NOT_FOUND, `the offline ${definition.name} provider does not know the type ${token}`);
    }
    return found;
  }

  return {
    handshake: unary(() => new provider.ProviderHandshakeResponse()),
    attach: unary(() => new empty.Empty()),
    cancel: unary((_, connection) => {
      cancellationOf(connection).abort();
      return new empty.Empty();
    }),

    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(definition.version);
      return info;
    }),

    getSchema: unary(() => {
      const response = new provider.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: definition.name, version: definition.version }));
      return response;
    }),

    checkConfig: unary((request: CheckRequest) => {
      const response = new provider.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),

    diffConfig: unary(async (request: DiffRequest) => {
      const schema = { inputs: [], requiredInputs: [], replaceOn: [], secrets: [] };
      const [oldInputs, inputs] = [decodeProperties(request.getOldInputs()), decodeProperties(request.getNews())];
      const names = [...new Set([...Object.keys(oldInputs), ...Object.keys(inputs)])];
      const question = { oldInputs, outputs: oldInputs, inputs, ignoreChanges: request.getIgnorechangesList() };
      return diffResponse(await diffResource({ ...schema, inputs: names }, question));
    }),

    configure: unary(async (request: ConfigureRequest, connection) => {
      const config = decodeConfig(decodeProperties(request.getArgs()));
      const { signal: cancelled } = cancellationOf(connection);
      configured.set(connection, await definition.configure(config, { ...host, cancelled }).catch(refuse));
      const response = new provider.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),

    check: unary((request: CheckRequest, connection) => {
      const resource = resourceOf(connection, request.getUrn());
      const checked = checkResourceInputs(resource, decodeProperties(request.getNews()), nameOf(request.getUrn()));
      const response = new provider.CheckResponse();
      response.setInputs(encodeProperties(checked.inputs, resource.secrets));
      response.setFailuresList(checked.failures.map(checkFailure));
      return response;
    }),

    diff: unary(async (request: DiffRequest, connection) => {
      const resource = resourceOf(connection, request.getUrn());
      const changes = await diffResource(resource, {
        oldInputs: decodeProperties(request.getOldInputs()),
        outputs: decodeProperties(request.getOlds()),
        inputs: decodeProperties(request.getNews()),
        ignoreChanges: request.getIgnorechangesList(),
      }).catch(refuse);
      return diffResponse(changes, resource);
    }),

    create: unary(async (request: CreateRequest, connection) => {
      const resource = resourceOf(connection, request.getUrn());
      const inputs = withoutDefaultsKey(decodeProperties(request.getProperties()));
      const response = new provider.CreateResponse();
      // What a preview does not answer, the engine takes for not known yet.
      const state = request.getPreview()
        ? { id: "", outputs: inputs }
        : await resource.create(inputs).catch((error: unknown) => refuse(error, resource, inputs));
      response.setId(state.id);
      response.setProperties(encodeProperties(state.outputs, resource.secrets));
      return response;
    }),

    read: unary(async (request: ReadRequest, connection) => {
      const resource = resourceOf(connection, request.getUrn());
      const before = decodeProperties(request.getProperties());
      const state = await resource.read(request.getId(), before).catch((error: unknown) => {
        if (!(error instanceof ImportError)) refuse(error);
        return undefined;
      });
      const response = new provider.ReadResponse();
      if (!state) return response;
      const isRefresh = Object.keys(before).length > 0;
      const inputs = isRefresh
        ? refreshInputs(resource, decodeProperties(request.getInputs()), state.outputs)
        : importInputs(resource, state.outputs);
      response.setId(state.id);
      response.setProperties(encodeProperties(state.outputs, resource.secrets));
      response.setInputs(encodeProperties(inputs, resource.secrets));
      return response;
    }),

    update: unary(async (request: UpdateRequest, connection) => {
      const resource = resourceOf(connection, request.getUrn());
      const inputs = withoutDefaultsKey(decodeProperties(request.getNews()));
      const outputs = decodeProperties(request.getOlds());
      const state = request.getPreview()
        ? { outputs: previewUpdate(outputs, decodeProperties(request.getOldInputs()), inputs) }
        : await updateResource(resource, request.getId(), inputs, outputs);
      const response = new provider.UpdateResponse();
      response.setProperties(encodeProperties(state.outputs, resource.secrets));
      return response;
    }),

    delete: unary(async (request: DeleteRequest, connection) => {
      const resource = resourceOf(connection, request.getUrn());
      await resource.delete(request.getId(), decodeProperties(request.getProperties())).catch(refuse);
      return new empty.Empty();
    }),

    invoke: unary(async (request: InvokeRequest, connection) => {
      const call = configuredBy(connection).functions[request.getTok()];
      if (!call) {
        const message = `the offline ${definition.name} provider does not know the function ${request.getTok()}`;
        throw new GrpcError(status.NOT_FOUND, message);
      }
      const response = new provider.InvokeResponse();
      response.setReturn(encodeProperties(await call(decodeProperties(request.getArgs())).catch(refuse)));
      return response;
    }),
  };
}

async function updateResource(
  resource: ResourceDefinition,
  id: string,
  inputs: Properties,
  outputs: Properties,
): Promise<ResourceState> {
  if (!resource.update) throw new GrpcError(status.INTERNAL, `${resource.token} has nothing that can be updated`);
  return resource.update(id, inputs, outputs).catch((error: unknown) => refuse(error, resource, inputs));
}

function refuse(error: unknown, resource?: ResourceDefinition, inputs?: Properties): never {
  throw operationError(error, resource, inputs);
}

/** The state as it will be: what is, without the inputs that go, with the new ones. */
function previewUpdate(outputs: Properties, oldInputs: Properties, inputs: Properties): Properties {
  const kept = Object.entries(outputs).filter(([name]) => name in inputs || !(name in oldInputs));
  return { ...Object.fromEntries(kept), ...inputs };
}

/** SDKs send a provider's arguments that are no strings as JSON text. Numbers stay text: a name may look like one. */
function decodeConfig(args: Properties): Properties {
  const entries = Object.entries(args).filter(([name]) => !engineInputs.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, decodeConfigValue(name, value)]));
}

function decodeConfigValue(name: string, value: unknown): unknown {
  if (value === "true" || value === "false") return value === "true";
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new ProviderError(`the provider's argument ${name} looks like JSON, and is none`);
  }
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function checkFailure(reason: string) {
  const failure = new provider.CheckFailure();
  failure.setReason(reason);
  return failure;
}

function diffResponse(changes: readonly ResourceChange[], resource?: ResourceDefinition) {
  const response = new provider.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const replaces = [...new Set(changes.filter((change) => change.replaces).map((change) => change.property))];
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setDiffsList([...new Set(changes.map((change) => change.property))]);
  response.setReplacesList(replaces);
  response.setStablesList(resource?.replaceOn.filter((name) => !replaces.includes(name)) ?? []);
  response.setDeletebeforereplace(replaces.length > 0 && resource?.deleteBeforeReplace === true);
  response.setHasdetaileddiff(true);
  for (const change of changes) response.getDetaileddiffMap().set(change.path, propertyDiff(change));
  return response;
}

function propertyDiff(change: ResourceChange) {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = provider.PropertyDiff.Kind;
  const kinds = {
    add: [ADD, ADD_REPLACE],
    delete: [DELETE, DELETE_REPLACE],
    update: [UPDATE, UPDATE_REPLACE],
  } as const;
  const diff = new provider.PropertyDiff();
  diff.setKind(kinds[change.kind][change.replaces ? 1 : 0]);
  diff.setInputdiff(change.isInput);
  return diff;
}
