import { signInTo } from "./azure-devops/sign-in.ts";
import { machineNetwork, type NetworkAnswer, type NetworkRequest } from "./network.ts";

/** Asks Microsoft Graph, signed in as the providers are. Nobody signs in before the first question. */
export interface Graph {
  /**
   * @param path from the version on, e.g. `/beta/applications/ID`
   * @throws Error where the answer is a refusal, or there is none
   */
  ask(path: string, request?: Pick<NetworkRequest, "method" | "body">): Promise<NetworkAnswer>;
}

const address = "https://graph.microsoft.com";

export function connectGraph({ tenantId }: { readonly tenantId: string }): Graph {
  const connect = async () => {
    const network = await machineNetwork();
    const authorization = await signInTo(address, { tenantId, environment: process.env, network });
    if (authorization === undefined)
      throw new Error("nobody has signed in to Entra; set ARM_CLIENT_ID and what proves it");
    return { network, authorization };
  };
  let connected: ReturnType<typeof connect> | undefined;
  return {
    async ask(path, request = {}) {
      connected ??= connect();
      const { network, authorization } = await connected;
      const headers = { authorization, accept: "application/json", "content-type": "application/json" };
      const answer = await network(`${address}${path}`, { ...request, headers });
      if (answer.status >= 400) throw new Error(`Microsoft Graph answers ${answer.status} to ${path}; run it again`);
      return answer;
    },
  };
}
