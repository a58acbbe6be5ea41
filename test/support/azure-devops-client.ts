import { type DevOps, type DevOpsBody, devOpsScope } from "./azure-devops.ts";
import { type Answer, ask } from "./directory.ts";

/** A call as the official provider's client library makes it. */
export interface LibraryCall {
  /** The id of a resource area; the organization's own address where there is none. */
  readonly area?: string;
  readonly location: string;
  /** Default: `7.1-preview.1`. */
  readonly version?: string;
  readonly method: string;
  readonly route?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Default: `application/json`. */
  readonly mediaType?: string;
}

interface ApiLocation {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
}

/**
 * A client that finds its way as the official provider's library does: locations by OPTIONS, once for each address,
 * addresses of areas by ResourceAreas, routes by the server's templates, the version in the Accept header.
 * https://github.com/microsoft/azure-devops-go-api/blob/dev/azuredevops/v7/client.go
 */
export async function createLibraryClient(devOps: DevOps, organizationUrl: string) {
  const authorization = `Bearer ${await devOps.token(devOps.admin, devOpsScope)}`;
  const locations = new Map<string, Map<string, ApiLocation>>();
  const addresses = new Map<string, string>();
  const normalized = (url: string): string => url.replace(/\/+$/, "").toLowerCase();
  const organization = normalized(organizationUrl);

  function send(method: string, url: string, accept: string, call?: LibraryCall): Promise<Answer<DevOpsBody>> {
    const hasBody = call?.body !== undefined;
    const headers = {
      Authorization: authorization,
      Accept: accept,
      "X-TFS-FedAuthRedirect": "Suppress",
      "X-TFS-Session": "37dccea6-c08f-47f7-9df6-ab7146ddf88a",
      ...(hasBody && { "Content-Type": `${call.mediaType ?? "application/json"};charset=utf-8` }),
    };
    const body = hasBody ? { body: JSON.stringify(call.body) } : {};
    return ask<DevOpsBody>(devOps.cloud, new Request(url, { method, headers, ...body }));
  }

  async function locationAt(address: string, id: string): Promise<ApiLocation> {
    if (!locations.has(address)) {
      const { body } = await send("OPTIONS", `${address}/_apis`, "application/json");
      const listed = body.value as unknown as readonly ApiLocation[];
      locations.set(address, new Map(listed.map((location) => [location.id, location])));
    }
    const found = locations.get(address)?.get(id);
    if (!found) throw new Error(`API resource location ${id} is not registered on ${address}.`);
    return found;
  }

  async function callAt(address: string, call: LibraryCall): Promise<Answer<DevOpsBody>> {
    const { area, resourceName, routeTemplate } = await locationAt(address, call.location);
    const values: Readonly<Record<string, string>> = { ...call.route, area, resource: resourceName };
    const path = routeTemplate
      .replaceAll("{*", "{")
      .split("/")
      .map((segment) => {
        const name = /^\{(.+)\}$/.exec(segment)?.[1];
        return name === undefined ? segment : encodeURIComponent(values[name] ?? "");
      })
      .filter((segment) => segment !== "");
    const query = call.query ? `?${new URLSearchParams(call.query)}` : "";
    const accept = `application/json;api-version=${call.version ?? "7.1-preview.1"}`;
    return send(call.method, `${address}/${path.join("/")}${query}`, accept, call);
  }

  return async (call: LibraryCall): Promise<Answer<DevOpsBody>> => {
    if (call.area !== undefined && addresses.size === 0) {
      const { body } = await callAt(organization, {
        location: "e81700f7-3be2-46de-8624-2eb35882fcaa",
        version: "5.1-preview.1",
        method: "GET",
      });
      for (const { id, locationUrl } of body.value) addresses.set(id, normalized(String(locationUrl)));
    }
    const address = call.area === undefined ? organization : addresses.get(call.area);
    if (address === undefined) throw new Error(`API resource area Id ${call.area} is not registered.`);
    return callAt(address, call);
  };
}
