import { ProxyAgent, fetch as proxiedFetch } from "undici";
import type { Internet } from "../internet.ts";
import type { ProviderHost } from "./providers/definition.ts";

/** A provider host that leads into the sandbox, and can be closed. */
export interface SandboxHost extends ProviderHost {
  close(): Promise<void>;
}

const sandboxHosts = new WeakSet<ProviderHost>();

/**
 * What the stand-ins work with: an environment, and a `fetch` that goes through the sandbox's proxy and trusts its
 * authority only. They have no other way out, so that they cannot reach a real service.
 * @param environment what the official provider would read, e.g. `ARM_TENANT_ID`
 * @throws Error where the proxy is not on loopback
 */
export function createSandboxHost(
  internet: Pick<Internet, "proxyUrl" | "authority">,
  environment: Readonly<Record<string, string | undefined>>,
): SandboxHost {
  if (new URL(internet.proxyUrl).hostname !== "127.0.0.1") {
    throw new Error(`the offline providers run in the sandbox only, not behind ${internet.proxyUrl}`);
  }
  const agent = new ProxyAgent({ uri: internet.proxyUrl, requestTls: { ca: internet.authority } });
  const viaSandbox = (input: unknown, init?: object) =>
    proxiedFetch(input as Parameters<typeof proxiedFetch>[0], { ...init, dispatcher: agent });
  const host: SandboxHost = {
    environment,
    fetch: viaSandbox as unknown as typeof globalThis.fetch,
    close: () => agent.close(),
  };
  sandboxHosts.add(host);
  return host;
}

/** @throws Error where the host was not made by `createSandboxHost` */
export function requireSandboxHost(host: ProviderHost): ProviderHost {
  if (!sandboxHosts.has(host)) throw new Error("the offline providers run in the sandbox only");
  return host;
}
