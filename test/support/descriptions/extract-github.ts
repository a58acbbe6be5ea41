// Takes out of GitHub's OpenAPI description what the sandbox answers: `node --import tsx` with the description's file, which
// is in the npm package @octokit/openapi as generated/api.github.com.json. The package has 700 MB, so it is no dependency.
import { readFileSync, writeFileSync } from "node:fs";
import { createCloud } from "../../../sandbox/cloud/cloud.ts";
import { allServices } from "../../../sandbox/cloud/services.ts";

type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null;
interface Operation {
  readonly responses: Readonly<Record<string, Json>>;
}
interface Description {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

const [file = ""] = process.argv.slice(2);
const whole = JSON.parse(readFileSync(file, "utf8")) as Description;

/** A path without the names of what varies in it. */
const shapeOf = (path: string) => path.replaceAll(/\{[^}]+\}|:\w+(\{[^}]*\})?/g, "*");

const covered = new Set(
  createCloud({ services: allServices })
    .services.flatMap(({ coverage }) => coverage)
    .filter(({ host }) => host === "api.github.com")
    .map(({ method, path }) => `${method.toLowerCase()} ${shapeOf(path)}`),
);

const paths: Record<string, Record<string, { responses: Json }>> = {};
for (const [path, operations] of Object.entries(whole.paths)) {
  for (const [method, { responses }] of Object.entries(operations)) {
    if (!covered.has(`${method} ${shapeOf(path)}`)) continue;
    paths[path] = { ...paths[path], [method]: { responses: withoutWords(responses) } };
  }
}

/** What the operations refer to, and what that refers to. */
const components: Record<string, Record<string, Json>> = {};
function collect(value: Json): void {
  for (const [, kind = "", name = ""] of JSON.stringify(value).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
    const found = whole.components[kind]?.[name];
    if (kind === "examples" || found === undefined || components[kind]?.[name] !== undefined) continue;
    components[kind] = { ...components[kind], [name]: withoutWords(found) };
    collect(withoutWords(found));
  }
}
collect(paths);

/** Without examples and descriptions. A property may be called so too: then its value is a schema. */
function withoutWords(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) =>
      !(["description", "title"].includes(key) && typeof inner === "string") && !/^examples?$/.test(key),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutWords(inner)]));
}

const { version } = whole.info;
const target = new URL("github.json", import.meta.url);
writeFileSync(target, `${JSON.stringify({ openapi: "3.0.3", info: { version }, paths, components })}\n`);
