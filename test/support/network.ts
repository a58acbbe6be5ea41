import type { Network } from "../../infra/network.ts";
import type { Cloud } from "../../sandbox/cloud/cloud.ts";

/** Hands requests to the emulated services in process, at their production addresses. */
export function networkOf(cloud: Cloud): Network {
  return async (url, request) => {
    const response = await cloud.fetch(new Request(url, request));
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: isJson ? JSON.parse(text) : undefined,
    };
  };
}
