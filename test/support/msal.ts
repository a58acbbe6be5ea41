import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from "@azure/msal-node";
import { fetch, ProxyAgent } from "undici";
import type { Internet } from "../../sandbox/internet.ts";

/** Lets MSAL reach the private internet: through its proxy, trusting its authority only. */
export function msalNetwork(internet: Internet): INetworkModule {
  const dispatcher = new ProxyAgent({ uri: internet.proxyUrl, requestTls: { ca: internet.authority } });
  async function send<T>(
    method: string,
    url: string,
    options: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    const { headers = {}, body } = options;
    const response = await fetch(url, { method, headers, dispatcher, ...(body === undefined ? {} : { body }) });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: (await response.json()) as T,
    };
  }
  return {
    sendGetRequestAsync: (url, options) => send("GET", url, options),
    sendPostRequestAsync: (url, options) => send("POST", url, options),
  };
}
