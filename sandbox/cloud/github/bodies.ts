import type { Call } from "./api.ts";
import { GitHubError, invalidRequest } from "./errors.ts";

export type Body = Readonly<Record<string, unknown>>;

/** The call's JSON body; no body is an empty one. */
export async function readBody(call: Call): Promise<Body> {
  const text = await call.req.text();
  if (text === "") return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new GitHubError(400, "Problems parsing JSON");
  }
  if (body === null) return {};
  if (typeof body !== "object" || Array.isArray(body)) throw new GitHubError(400, "Body should be a JSON object");
  return body as Body;
}

export function requiredText(body: Body, name: string): string {
  if (body[name] === undefined) throw invalidRequest(`"${name}" wasn't supplied.`);
  return optionalText(body, name) ?? "";
}

export function optionalText(body: Body, name: string): string | undefined {
  return optional(body, name, (value) => typeof value === "string", "a string");
}

export function optionalBoolean(body: Body, name: string): boolean | undefined {
  return optional(body, name, (value) => typeof value === "boolean", "a boolean");
}

export function requiredBoolean(body: Body, name: string): boolean {
  if (body[name] === undefined) throw invalidRequest(`"${name}" wasn't supplied.`);
  return optionalBoolean(body, name) ?? false;
}

export function optionalInteger(body: Body, name: string): number | undefined {
  return optional(body, name, (value) => Number.isInteger(value), "an integer");
}

export function optionalTexts(body: Body, name: string): readonly string[] | undefined {
  const all = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string");
  return optional(body, name, all, "an array of strings");
}

function optional<T>(body: Body, name: string, fits: (value: unknown) => boolean, kind: string): T | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (!fits(value)) throw invalidRequest(`For 'properties/${name}', ${JSON.stringify(value)} is not ${kind}.`);
  return value as T;
}
