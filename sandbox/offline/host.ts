import { ProxyAgent, fetch as proxiedFetch } from "undici";
import type { Internet } from "../internet.ts";
import type { ProviderHost } from "./providers/definition.ts";

/** A provider host that can be closed. */
export interface OpenProviderHost extends ProviderHost {
  close(): Promise<void>;
}

/**
 * What the stand-ins work with: an environment, and a `fetch` that goes through the sandbox's proxy and trusts its
 * authority only. They have no other way out, so that they cannot reach a real service.
 * @param environment what the official provider would read, e.g. `ARM_TENANT_ID`
 */
export function createProviderHost(
  internet: Pick<Internet, "proxyUrl" | "authority">,
  environment: Readonly<Record<string, string | undefined>>,
): OpenProviderHost {
  const agent = new ProxyAgent({ uri: internet.proxyUrl, requestTls: { ca: internet.authority } });
  const viaSandbox = (input: unknown, init?: object) =>
    proxiedFetch(input as Parameters<typeof proxiedFetch>[0], { ...init, dispatcher: agent });
  return {
    environment,
    fetch: viaSandbox as unknown as typeof globalThis.fetch,
    close: () => agent.close(),
  };
}
