import { z } from "zod";
import { signInToGraph, type Variables } from "./azure-devops/sign-in.ts";
import { machineNetwork, type Network, Unanswered } from "./network.ts";

/** Asks Microsoft Graph. Nothing is loaded, and nobody signs in, before the first question. */
export interface Graph {
  /** The object id of whoever has signed in; undefined where nobody has. @throws Unanswered */
  caller(): Promise<string | undefined>;
  /**
   * Every entry of a list, page by page.
   * @param path with the version: `v1.0/applications?$filter=…`
   * @throws Unanswered where nobody has signed in, Graph refuses, or it cannot be reached
   */
  list<T extends z.ZodType>(path: string, entry: T): Promise<z.output<T>[]>;
  /** @throws Unanswered likewise */
  post(path: string, body: object): Promise<void>;
  /** What is gone already is no mistake. @throws Unanswered likewise */
  delete(path: string): Promise<void>;
}

export interface GraphOptions {
  readonly tenantId: string;
  /** What the sign-in reads. Default: the process's own. */
  readonly environment?: Variables;
  /** Default: the machine's. */
  readonly network?: Network;
}

const answerOfList = z.object({ value: z.array(z.unknown()), "@odata.nextLink": z.string().optional() });
const answerOfRefusal = z.object({ error: z.object({ message: z.string() }) });
const tokenClaims = z.object({ oid: z.string() });
const address = "https://graph.microsoft.com/";

/** One sign-in serves all questions. */
export function connectGraph({ tenantId, environment = process.env, network: given }: GraphOptions): Graph {
  let connected: Promise<{ network: Network; token: string | undefined }> | undefined;
  const connect = () => {
    connected ??= (async () => {
      const network = given ?? (await machineNetwork());
      return { network, token: await signInToGraph({ tenantId, environment, network }) };
    })();
    return connected;
  };
  async function send(method: "GET" | "POST" | "DELETE", url: string, body?: object) {
    const { network, token } = await connect();
    if (token === undefined) {
      throw new Unanswered("nobody has signed in to Entra; set ARM_CLIENT_ID with ARM_CLIENT_SECRET or ARM_USE_OIDC");
    }
    const answer = await network(url, {
      method,
      headers: { authorization: `Bearer ${token}`, accept: "application/json", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status < 300 || (method === "DELETE" && answer.status === 404)) return answer.body;
    const words = answerOfRefusal.safeParse(answer.body).data?.error.message ?? "";
    throw new Unanswered(`Microsoft Graph answers ${answer.status}${words === "" ? "" : ` (${words})`}`);
  }
  return {
    async caller() {
      const { token } = await connect();
      const [, payload = ""] = token?.split(".") ?? [];
      return tokenClaims.safeParse(parsed(Buffer.from(payload, "base64url").toString())).data?.oid;
    },
    async list(path, entry) {
      const found: unknown[] = [];
      for (let url: string | undefined = address + path; url !== undefined; ) {
        const page: z.output<typeof answerOfList> = answerOfList.parse(await send("GET", url));
        found.push(...page.value);
        url = page["@odata.nextLink"];
      }
      return z.array(entry).parse(found);
    },
    async post(path, body) {
      await send("POST", address + path, body);
    },
    async delete(path) {
      await send("DELETE", address + path);
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
