import { randomUUID } from "node:crypto";
import { goTransport, HttpError, type HttpRequest, type HttpResponse, sendRequest } from "../../http.ts";
import { ProviderError, type ProviderHost } from "../definition.ts";
import { escapePath } from "../properties.ts";
import { areasOfClients, type Location, resourceAreas } from "./locations.ts";

/** One call of the organization's REST API. */
interface Call {
  readonly method: HttpRequest["method"];
  readonly location: Location;
  /** What the route's template asks for; a segment that is given nothing is left out. */
  readonly route?: Readonly<Record<string, string | undefined>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** Default: `application/json`. */
  readonly mediaType?: string;
}

/** A signed-in client of one organization. */
export interface Connection {
  /** Ends every wait. */
  readonly cancelled: AbortSignal | undefined;
  /** @throws HttpError with the service's own words where the status is no success */
  send(call: Call): Promise<HttpResponse>;
  /** The body of a call that answers with one thing. */
  get<Body>(call: Omit<Call, "method">): Promise<Body>;
  /** The items of a call that answers with a list. */
  list<Item>(call: Omit<Call, "method">): Promise<readonly Item[]>;
}

/** A route as the service describes it in the answer to OPTIONS. */
interface ApiLocation {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  readonly resourceVersion: number;
  readonly minVersion: string;
  readonly maxVersion: string;
  readonly releasedVersion: string;
}

interface ResourceArea {
  readonly id: string;
  readonly locationUrl: string;
}

interface Collection<Item> {
  readonly value: readonly Item[];
}

/**
 * Connects as the official provider does, whose client asks nothing again
 * (https://github.com/microsoft/azure-devops-go-api/blob/25121328f45327c052d93c608bd11f6b1de16489/azuredevops/v7/client.go#L94): the routes that the organization has, then the addresses of its areas. An
 * organization that names no areas has them all at its own address.
 * @param organizationUrl e.g. `https://dev.azure.com/contoso`
 * @param authorization the value of the Authorization header
 * @throws ProviderError where the organization cannot be reached
 */
export async function openConnection(
  host: ProviderHost,
  organizationUrl: string,
  authorization: () => Promise<string>,
): Promise<Connection> {
  const ownAddress = normalized(organizationUrl);
  const session = randomUUID();
  const routesByAddress = new Map<string, Promise<ReadonlyMap<string, ApiLocation>>>();
  const addresses = new Map<string, string>();

  async function request(method: Call["method"], url: string, accept: string, call?: Call): Promise<HttpResponse> {
    const response = await sendRequest(
      host,
      {
        method,
        url,
        headers: {
          Accept: accept,
          Authorization: await authorization(),
          "X-TFS-FedAuthRedirect": "Suppress",
          "X-TFS-Session": session,
          ...(call?.body !== undefined && { "Content-Type": `${call.mediaType ?? "application/json"};charset=utf-8` }),
        },
        ...(call?.body !== undefined && { json: call.body }),
      },
      goTransport,
    );
    if (response.status < 200 || response.status > 299) throw new HttpError(messageIn(response), response);
    return response;
  }

  async function readRoutes(address: string): Promise<ReadonlyMap<string, ApiLocation>> {
    const { body } = await request("OPTIONS", `${address}/_apis`, "application/json");
    return new Map((body as Collection<ApiLocation>).value.map((route) => [route.id, route]));
  }

  async function sendTo(address: string, call: Call): Promise<HttpResponse> {
    const routes = routesByAddress.get(address) ?? readRoutes(address);
    routesByAddress.set(address, routes);
    const route = (await routes).get(call.location.id);
    if (!route) throw new ProviderError(`API resource location ${call.location.id} is not registered on ${address}.`);
    const url = new URL(address + fillTemplate(route, call.route ?? {}));
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const version = negotiateVersion(route, call.location);
    return request(call.method, url.href, `application/json;api-version=${version}`, call);
  }

  for (const area of areasOfClients) {
    if (addresses.has(area)) continue;
    const { body } = await sendTo(ownAddress, { method: "GET", location: resourceAreas }).catch((error) => {
      throw configureError(error, organizationUrl);
    });
    const areas = (body as Collection<ResourceArea>).value;
    for (const { id, locationUrl } of areas) addresses.set(id, normalized(locationUrl));
    if (areas.length > 0 && !addresses.has(area)) {
      throw new ProviderError(`API resource area Id ${area} is not registered on ${ownAddress}.`);
    }
  }

  const send = (call: Call) => sendTo(addresses.get(call.location.area) ?? ownAddress, call);
  return {
    cancelled: host.cancelled,
    send,
    get: async <Body>(call: Omit<Call, "method">) => (await send({ ...call, method: "GET" })).body as Body,
    list: async <Item>(call: Omit<Call, "method">) =>
      ((await send({ ...call, method: "GET" })).body as Collection<Item>).value,
  };
}

/** Whether the service said that what was asked for does not exist: some of its parts say so by a 400. */
export function isNotFound(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false;
  return error.status === 404 || (error.status === 400 && /VS800075|VS402806/.test(error.message));
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function normalized(url: string): string {
  return url.replace(/\/+$/, "").toLowerCase();
}

function messageIn(response: HttpResponse): string {
  const { body } = response;
  if (typeof body === "object" && body !== null && "message" in body) return String(body.message);
  return `Request returned status: ${response.status}`;
}

function configureError(error: unknown, organizationUrl: string): unknown {
  if (!(error instanceof HttpError)) return error;
  if (error.status === 404) {
    const advice = "doesn't exist or can't be found. Make sure the URL is correct.";
    return new ProviderError(`Azure DevOps Organization: ${organizationUrl} ${advice}`);
  }
  if (error.status === 401) {
    return new ProviderError(`You are not authorized to access Azure DevOps Organization ${organizationUrl}`);
  }
  return error;
}

/** Fills a route's template, e.g. `{project}/_apis/{area}/{resource}/{feedId}`. */
function fillTemplate(route: ApiLocation, given: Readonly<Record<string, string | undefined>>): string {
  const values: Readonly<Record<string, string | undefined>> = {
    ...given,
    area: route.area,
    resource: route.resourceName,
  };
  return route.routeTemplate
    .replaceAll("{*", "{")
    .split("/")
    .map((segment) => {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      if (name === undefined) return `/${segment}`;
      return values[name] ? `/${escapePath(values[name])}` : "";
    })
    .join("");
}

/** The newest version that both sides know, as a preview: what a client of this age asks for. */
function negotiateVersion(route: ApiLocation, asked: Location): string {
  if (Number(route.minVersion) <= Number(asked.version) && Number(route.maxVersion) < Number(asked.version)) {
    return route.releasedVersion < route.maxVersion ? `${route.maxVersion}-preview` : route.maxVersion;
  }
  return `${asked.version}-preview.${Math.min(asked.revision, route.resourceVersion)}`;
}
