import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { serve } from "../grpc-server.ts";
import { requireSandboxHost, type SandboxHost } from "../host.ts";
import type { ProviderDefinition } from "./definition.ts";
import { createProviderService } from "./service.ts";

/** Offline providers that run. */
export interface RunningProviders {
  /** The value of `PULUMI_DEBUG_PROVIDERS` that attaches the engine to them, e.g. `azuread:40001,github:40002`. */
  readonly debugProviders: string;
  close(): Promise<void>;
}

/**
 * Starts the offline providers, each on a port of its own.
 * @throws Error where the host is not one of the sandbox's
 */
export async function startProviders(options: {
  readonly definitions: readonly ProviderDefinition[];
  readonly host: SandboxHost;
}): Promise<RunningProviders> {
  const host = requireSandboxHost(options.host);
  const servers = await Promise.all(
    options.definitions.map((definition) => serve(ResourceProviderService, createProviderService(definition, host))),
  );
  return {
    debugProviders: options.definitions.map(({ name }, index) => `${name}:${servers[index]?.port}`).join(","),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
