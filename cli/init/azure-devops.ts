import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { Failure } from "../failure.ts";
import type { Http } from "./http.ts";

/** What Azure DevOps says of a feed. */
export interface FeedFacts {
  readonly organization: string;
  /** Undefined for a feed of the organization. */
  readonly project: string | undefined;
  readonly name: string;
  readonly hasUpstreams: boolean;
}

/** https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity */
const resource = "499b84ac-1321-427f-aa17-267ca6975798";

const feedsAnswer = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      project: z.object({ name: z.string() }).nullish(),
      upstreamSources: z.array(z.unknown()).nullish(),
    }),
  ),
});

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Every feed of an organization that the sign-in can see, those of projects too.
 * @param environment whose sign-in is used
 * @returns undefined where nobody has signed in
 * @throws Failure where Azure DevOps refuses
 */
export async function listFeeds(
  http: Http,
  organization: string,
  environment: Variables,
): Promise<readonly FeedFacts[] | undefined> {
  const authorization = await signIn(http, environment);
  if (authorization === undefined) return undefined;
  const url = `https://feeds.dev.azure.com/${encodeURIComponent(organization)}/_apis/packaging/feeds?api-version=7.1`;
  const { status, body } = await http(url, { headers: { authorization, accept: "application/json" } });
  // A sign-in that is not accepted is sent to a page for people.
  const answer = status === 200 ? feedsAnswer.safeParse(body) : undefined;
  if (!answer?.success) {
    throw new Failure(
      `Azure DevOps does not tell the feeds of ${organization} (${status}); check the organization's name, and that the sign-in is a user there`,
    );
  }
  return answer.data.value.map(({ name, project, upstreamSources }) => ({
    organization,
    project: project?.name,
    name,
    hasUpstreams: (upstreamSources ?? []).length > 0,
  }));
}

/** In the order in which the Azure DevOps provider looks. */
async function signIn(http: Http, environment: Variables): Promise<string | undefined> {
  const { AZDO_PERSONAL_ACCESS_TOKEN, ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET } = environment;
  if (AZDO_PERSONAL_ACCESS_TOKEN) {
    return `Basic ${Buffer.from(`:${AZDO_PERSONAL_ACCESS_TOKEN}`).toString("base64")}`;
  }
  if (ARM_TENANT_ID && ARM_CLIENT_ID && ARM_CLIENT_SECRET) {
    const url = `https://login.microsoftonline.com/${encodeURIComponent(ARM_TENANT_ID)}/oauth2/v2.0/token`;
    const form = {
      grant_type: "client_credentials",
      client_id: ARM_CLIENT_ID,
      client_secret: ARM_CLIENT_SECRET,
      scope: `${resource}/.default`,
    };
    const { status, body } = await http(url, { form });
    const token = z.object({ access_token: z.string() }).safeParse(body).data?.access_token;
    if (token === undefined) {
      throw new Failure(
        `Entra refuses the sign-in of ARM_CLIENT_ID (${status}); check ARM_TENANT_ID and ARM_CLIENT_SECRET`,
      );
    }
    return `Bearer ${token}`;
  }
  return await azureCliSignIn();
}

async function azureCliSignIn(): Promise<string | undefined> {
  const parameters = ["account", "get-access-token", "--resource", resource, "--query", "accessToken", "-o", "tsv"];
  try {
    const { stdout } = await promisify(execFile)("az", parameters, { shell: process.platform === "win32" });
    return `Bearer ${stdout.trim()}`;
  } catch {
    return undefined;
  }
}
