import { z } from "zod";
import { machineNetwork, type Network, type NetworkRequest, Unanswered } from "../network.ts";
import { signInToAzureDevOps, type Variables } from "./sign-in.ts";

/** What Azure DevOps answers. */
export interface AzureDevOpsAnswer {
  readonly status: number;
  /** The answer's JSON; undefined where it is none. */
  readonly body: unknown;
  /** The service's own words for a refusal; empty where it has none. */
  readonly message: string;
}

/** Asks Azure DevOps. Nothing is loaded, and nobody signs in, before the first question. */
export interface AzureDevOps {
  /**
   * @param url of an Azure DevOps service, with its api-version
   * @returns undefined where nobody has signed in
   * @throws Unanswered where the sign-in is refused, or the service cannot be reached
   */
  get(url: string): Promise<AzureDevOpsAnswer | undefined>;
  /** Changes something so that the same change, sent twice, ends the same. @returns and throws as `get` does */
  patch(url: string, body: unknown): Promise<AzureDevOpsAnswer | undefined>;
}

export interface AzureDevOpsOptions {
  /** The tenant of the stack's file. Default: ARM_TENANT_ID. */
  readonly tenantId?: string;
  /** What the sign-in reads. Default: the process's own. */
  readonly environment?: Variables;
  /** Default: the machine's, which asks again. */
  readonly network?: Network;
}

/** One sign-in serves all questions. */
export function connectAzureDevOps(options: AzureDevOpsOptions = {}): AzureDevOps {
  const { tenantId, environment = process.env, network = machineNetwork() } = options;
  let signedIn: Promise<string | undefined> | undefined;
  const signIn = () => (signedIn ??= signInToAzureDevOps({ tenantId, environment, network }));
  async function send(url: string, request: Pick<NetworkRequest, "method" | "body">) {
    const authorization = await signIn();
    if (authorization === undefined) return undefined;
    const { status, body } = await network(url, {
      ...request,
      // Otherwise a sign-in that is not accepted is sent to a page for people.
      headers: {
        authorization,
        accept: "application/json",
        "x-tfs-fedauthredirect": "Suppress",
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      },
    });
    return { status, body, message: z.object({ message: z.string() }).safeParse(body).data?.message ?? "" };
  }
  return {
    get: (url) => send(url, {}),
    patch: (url, body) => send(url, { method: "PATCH", body: JSON.stringify(body) }),
  };
}

/** Why an answer is none to go by, and what to do: what follows after "Azure DevOps could not be asked: ". */
export function refused({ status, message }: AzureDevOpsAnswer, organization: string): Unanswered {
  const words = message.replaceAll(/\s+/g, " ").trim().replace(/\.$/, "");
  const answer = `it answers ${status}${words === "" ? "" : ` (${words})`}`;
  if (status === 401)
    return new Unanswered(`${answer}; check that the sign-in is a user of the organization ${organization}`);
  if (status === 403) return new Unanswered(`${answer}; give the sign-in that permission`);
  if (status === 404) return new Unanswered(`${answer}; check the names`);
  return new Unanswered(`${answer}; run it again`);
}

/** For those who cannot do without an answer. */
export function nobodySignedIn(): Unanswered {
  return new Unanswered(
    "nobody has signed in; set ARM_CLIENT_ID with ARM_CLIENT_SECRET or ARM_USE_OIDC, or AZDO_PERSONAL_ACCESS_TOKEN",
  );
}
