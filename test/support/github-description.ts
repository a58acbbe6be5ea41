import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";

type Answer = globalThis.Response;

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}
interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Record<string, Described | Reference> }>>>
  >;
  readonly components: { readonly responses: Readonly<Record<string, Described>> };
}
interface Reference {
  readonly $ref: string;
}

const file = new URL("descriptions/github.json", import.meta.url);
const description = JSON.parse(readFileSync(file, "utf8"), withNull) as Description;

/** OpenAPI 3.0 lets a schema without a type be nullable, and GitHub's an enumeration without null, as an open issue shows. */
function withNull(_key: string, value: unknown): unknown {
  const { nullable, ...schema } = Object(value) as Record<string, unknown>;
  return nullable === true && (!("type" in schema) || "enum" in schema) ? { anyOf: [{ type: "null" }, schema] } : value;
}

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
ajv.addFormat("uri", (text) => URL.canParse(text));
for (const name of ["email", "int64", "timestamp"]) ajv.addFormat(name, true);
ajv.addSchema({ $id: "github", ...description });

const validators = new Map<string, ValidateFunction>();

/** Paths of the description, those with the fewest variable parts first. */
const paths = Object.keys(description.paths)
  .map((path) => ({ path, pattern: patternOf(path) }))
  .sort((one, other) => one.path.split("{").length - other.path.split("{").length);

/**
 * What is wrong with an answer of api.github.com, by GitHub's own OpenAPI description; empty where nothing is, or where the
 * description has no such operation (repositories by their id, enterprises).
 */
export async function contradictions(method: string, pathname: string, response: Answer): Promise<string[]> {
  // HEAD is answered as GET, without a body.
  if (method === "HEAD") return [];
  const found = pathOf(method, pathname);
  if (found === undefined) return [];
  const what = `${method} ${found.path}: ${response.status}`;
  const documented = operation(found.path, method)?.responses[response.status];
  // Any operation may be refused, moved or not modified, whether its description says so or not.
  if (documented === undefined) {
    return response.status >= 300 ? [] : [`${what} is not described`];
  }
  const text = await response.clone().text();
  const pointer = `#/paths/${pointerPart(found.path)}/${method.toLowerCase()}/responses/${response.status}`;
  const resolved = "$ref" in documented ? resolve(documented) : { ...documented, pointer };
  if (resolved.content?.["application/json"]?.schema === undefined) {
    // GitHub's own description leaves bodies of refusals out here and there.
    return text === "" || response.status >= 400 ? [] : [`${what} has a body`];
  }
  const validate = validator(`github${resolved.pointer}/content/application~1json/schema`);
  if (validate(text === "" ? undefined : JSON.parse(text))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${what}: ${instancePath || "body"} ${message}`);
}

/** Whether the description has a route, as the sandbox registers it. */
export function isDescribed(method: string, route: string): boolean {
  return pathOf(method, route.replaceAll(/\{[^}]*\}/g, "")) !== undefined;
}

function pathOf(method: string, pathname: string) {
  return paths.find(({ path, pattern }) => pattern.test(pathname) && operation(path, method));
}

function operation(path: string, method: string) {
  return description.paths[path]?.[method.toLowerCase()];
}

function resolve({ $ref }: Reference): Described & { readonly pointer: string } {
  const name = $ref.slice("#/components/responses/".length);
  return { ...description.components.responses[name], pointer: $ref };
}

function validator(reference: string): ValidateFunction {
  const found = validators.get(reference) ?? ajv.compile({ $ref: reference });
  validators.set(reference, found);
  return found;
}

/** As a part of a JSON pointer in a URI fragment. */
function pointerPart(path: string): string {
  return encodeURIComponent(path.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** Paths of files and references have slashes of their own. */
function patternOf(path: string): RegExp {
  const source = path
    .split("/")
    .map((part) =>
      /^\{(path|ref)\}$/.test(part) ? ".+" : part.startsWith("{") ? "[^/]+" : part.replaceAll(".", "\\."),
    )
    .join("/");
  return new RegExp(`^${source}$`);
}
