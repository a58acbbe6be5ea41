import { type GraphError, refusals } from "./errors.ts";

/** An entity as Microsoft Graph shows it. */
export type Shape = Readonly<Record<string, unknown>>;

/** How many entities a page has: https://learn.microsoft.com/graph/api/application-list#optional-query-parameters */
const defaultPage = 100;
const largestPage = 999;

const clause =
  /\s*(?:(\w+)\s+eq\s+(?:'((?:[^']|'')*)'|(true|false|null))|startswith\(\s*(\w+)\s*,\s*'((?:[^']|'')*)'\s*\))\s*/iy;
const conjunction = /and\b/iy;
/** What Graph's filters have beside those: lambdas, other operators and functions, other ways to join. */
const notReadHere = /\b(?:any|all|endswith|contains|in)\s*\(|\b(?:ne|gt|ge|lt|le|has|in|or|not)\b|\/\$count\b/i;

/**
 * Reads a `$filter` made of `property eq value` and `startswith(property,'value')`, joined by `and`. Strings compare
 * without case, as the directory's do; a quote inside a string is written twice.
 * https://learn.microsoft.com/graph/filter-query-parameter
 * @param type the entities' type for messages, e.g. `application`
 * @throws GraphError 501 for what Graph reads and the sandbox does not, 400 for what nobody does
 */
function parseFilter(text: string, type: string): (shape: Shape) => boolean {
  const tests: ((shape: Shape) => boolean)[] = [];
  let position = 0;
  do {
    clause.lastIndex = position;
    const found = clause.exec(text);
    if (!found) throw unreadable(text, position);
    position = clause.lastIndex;
    tests.push(readClause(found, type));
    conjunction.lastIndex = position;
    if (position === text.length) return (shape) => tests.every((test) => test(shape));
    if (!conjunction.test(text)) break;
    position = conjunction.lastIndex;
  } while (position < text.length);
  throw unreadable(text, position);
}

/** What is told apart before it is shown: most of a directory never is. */
interface Named {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
}

const namedClause =
  /^\s*(?:(id|appId|displayName)\s+eq\s+'((?:[^']|'')*)'|startswith\(\s*(id|appId|displayName)\s*,\s*'((?:[^']|'')*)'\s*\))\s*$/;

/**
 * What every entity that a request's filter can take has in its names. True for all where the filter asks for more, or
 * cannot be read: `page` has the last word.
 */
export function namesWanted(url: URL): (entity: Named) => boolean {
  const filter = url.searchParams.get("$filter");
  const clauses = (filter ?? "").split(/\band\b/i).map((text) => namedClause.exec(text));
  if (filter === null || clauses.includes(null)) return () => true;
  const fold = (value: string) => value.replaceAll("''", "'").toLowerCase();
  const tests = clauses.map((found) => {
    const [, equal, text, prefixed, prefix] = found ?? [];
    const property = (equal ?? prefixed) as keyof Named;
    const wanted = fold(text ?? prefix ?? "");
    return (entity: Named) => {
      const value = entity[property].toLowerCase();
      return equal === undefined ? value.startsWith(wanted) : value === wanted;
    };
  });
  return (entity) => tests.every((test) => test(entity));
}

/** Loud where it is the sandbox that falls short: a client would take a 400 for its own mistake. */
function unreadable(text: string, position: number): GraphError {
  const withoutStrings = text.replaceAll(/'(?:[^']|'')*'/g, "''");
  if (notReadHere.test(withoutStrings)) return refusals.notEmulated(`the filter ${text}`);
  return refusals.query(`Invalid filter clause: syntax error at position ${position} in '${text}'.`);
}

function readClause(found: RegExpExecArray, type: string): (shape: Shape) => boolean {
  const [, equal, text, literal, prefixed, prefix] = found;
  const fold = (value: string): string => value.replaceAll("''", "'").toLowerCase();
  const property = equal ?? prefixed ?? "";
  const read = (shape: Shape): unknown => {
    if (property in shape) return shape[property];
    throw refusals.query(`Invalid filter clause: ${unknownProperty(property, type)}`);
  };
  if (prefix !== undefined) return (shape) => String(read(shape)).toLowerCase().startsWith(fold(prefix));
  if (literal !== undefined) {
    const wanted: unknown = JSON.parse(literal.toLowerCase());
    return (shape) => read(shape) === wanted;
  }
  const wanted = fold(text ?? "");
  return (shape) => {
    const value = read(shape);
    return typeof value === "string" && value.toLowerCase() === wanted;
  };
}

const unknownProperty = (name: string, type: string): string =>
  `Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`;

/** The properties that `$select` names; all of them where there is none. */
export function select(shape: Shape, names: string | undefined, type: string): Shape {
  if (!names) return shape;
  const wanted = names.split(",").map((name) => name.trim());
  const unknown = wanted.find((name) => !(name in shape));
  if (unknown !== undefined)
    throw refusals.query(`Parsing OData Select and Expand failed: ${unknownProperty(unknown, type)}`);
  return Object.fromEntries(wanted.map((name) => [name, shape[name]]));
}

/** Refuses query options that are not emulated, rather than to answer as if they were not there. */
export function refuseOtherOptions(url: URL, known: readonly string[]): void {
  for (const name of url.searchParams.keys()) {
    if (name.startsWith("$") && !known.includes(name)) throw refusals.notEmulated(`the query option ${name}`);
  }
}

export interface Page {
  readonly items: readonly Shape[];
  /** Where the next page is; undefined on the last one. */
  readonly nextLink: string | undefined;
}

/**
 * A page of a list, by `$filter`, `$select`, `$top` and the `$skiptoken` of a next link.
 * https://learn.microsoft.com/graph/paging
 */
export function page(url: URL, shapes: readonly Shape[], type: string): Page {
  refuseOtherOptions(url, ["$filter", "$select", "$top", "$skiptoken"]);
  const query = url.searchParams;
  const filter = query.get("$filter");
  const matching = filter === null ? shapes : shapes.filter(parseFilter(filter, type));
  const top = Number(query.get("$top") ?? defaultPage);
  if (!Number.isInteger(top) || top < 1 || top > largestPage) {
    throw refusals.badRequest(
      `Invalid page size specified: '${query.get("$top")}'. Must be between 1 and ${largestPage} inclusive.`,
    );
  }
  const token = query.get("$skiptoken");
  const last = token === null ? -1 : matching.findIndex((shape) => skipToken(shape) === token);
  if (token !== null && last < 0) throw refusals.badRequest("Invalid $skiptoken value.");
  const slice = matching.slice(last + 1, last + 1 + top);
  const end = slice.at(-1);
  const more = end !== undefined && last + 1 + top < matching.length;
  const items = slice.map((shape) => select(shape, query.get("$select") ?? undefined, type));
  return { items, nextLink: more ? nextLink(url, skipToken(end)) : undefined };
}

// The place in a list is remembered by the last entity shown, so that others may come and go meanwhile.
const skipToken = (shape: Shape): string => Buffer.from(String(shape.id)).toString("base64url");

function nextLink(url: URL, token: string): string {
  const next = new URL(url);
  next.searchParams.set("$skiptoken", token);
  return next.href.replaceAll("%24", "$");
}

/**
 * The path of a request with its keys as segments, which is how routes see it: `applications(appId='x')` becomes
 * `applications/appId=x`, and `applications('x')` becomes `applications/x`.
 * https://learn.microsoft.com/graph/api/application-get#http-request
 */
export function pathWithKeys(request: Request): string {
  const { pathname } = new URL(request.url);
  const plain = pathname.replaceAll(/%28/gi, "(").replaceAll(/%29/gi, ")").replaceAll(/%27/gi, "'");
  return plain.replaceAll(
    /(\/\w+)\((?:(\w+)=)?'([^'()/]*)'\)/g,
    (_whole, collection: string, key: string | undefined, value: string) =>
      `${collection}/${key === undefined ? "" : `${key}=`}${value}`,
  );
}
