import { z } from "zod";
import { signInTo, type Variables } from "./azure-devops/sign-in.ts";
import { machineNetwork, type Network, type NetworkAnswer, type NetworkRequest, Unanswered } from "./network.ts";

/** Asks Microsoft Graph. Nothing is loaded, and nobody signs in, before the first question. */
export interface Graph {
  /** The object id of whoever has signed in; undefined where nobody has. @throws Unanswered */
  caller(): Promise<string | undefined>;
  /**
   * Every entry of a list, page by page.
   * @param path with the version: `/v1.0/applications?$filter=…`
   * @throws Unanswered where nobody has signed in, Graph refuses, or it cannot be reached
   */
  list<T extends z.ZodType>(path: string, entry: T): Promise<z.output<T>[]>;
  /**
   * @param path with the version: `/v1.0/applications/ID`
   * @throws Unanswered likewise
   */
  ask(path: string, request?: Pick<NetworkRequest, "method" | "body">): Promise<NetworkAnswer>;
}

export interface GraphOptions {
  readonly tenantId: string;
  /** What the sign-in reads. Default: the process's own. */
  readonly environment?: Variables;
  /** Default: the machine's, which asks again. */
  readonly network?: Network;
}

const answerOfList = z.object({ value: z.array(z.unknown()), "@odata.nextLink": z.string().optional() });
const answerOfRefusal = z.object({ error: z.object({ message: z.string() }) });
const tokenClaims = z.object({ oid: z.string() });
const address = "https://graph.microsoft.com";

/** One sign-in serves all questions. */
export function connectGraph({ tenantId, environment = process.env, network = machineNetwork() }: GraphOptions): Graph {
  let signedIn: Promise<string | undefined> | undefined;
  const signIn = () => (signedIn ??= signInTo(address, { tenantId, environment, network }));
  async function send(url: string, request: Pick<NetworkRequest, "method" | "body"> = {}): Promise<NetworkAnswer> {
    const authorization = await signIn();
    if (authorization === undefined) {
      throw new Unanswered("nobody has signed in to Entra; set ARM_CLIENT_ID with ARM_CLIENT_SECRET or ARM_USE_OIDC");
    }
    const headers = { authorization, accept: "application/json", "content-type": "application/json" };
    const { method = "GET" } = request;
    // A filter that finds nothing is an empty list: what is asked for by its id was found before.
    const answer = await network(url, { ...request, headers, isExpected: method === "GET" });
    // What is gone is gone, whichever answer was lost.
    if (answer.status < 400 || (method === "DELETE" && answer.status === 404)) return answer;
    const words = answerOfRefusal.safeParse(answer.body).data?.error.message ?? "";
    throw new Unanswered(
      `Microsoft Graph answers ${answer.status}${words === "" ? "" : ` (${words})`} to ${new URL(url).pathname}; run it again`,
    );
  }
  return {
    ask: (path, request) => send(address + path, request),
    async caller() {
      const authorization = (await signIn()) ?? "";
      const [, payload = ""] = authorization.split(".");
      return tokenClaims.safeParse(parsed(Buffer.from(payload, "base64url").toString())).data?.oid;
    },
    async list(path, entry) {
      const found: unknown[] = [];
      for (let url: string | undefined = address + path; url !== undefined; ) {
        const page: z.output<typeof answerOfList> = answerOfList.parse((await send(url)).body);
        found.push(...page.value);
        url = page["@odata.nextLink"];
      }
      return z.array(entry).parse(found);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
