import type { Call } from "./api.ts";

/** How many items a page has: when nothing is asked for, and at most. Default: 30 and 100. */
export interface PageSizes {
  readonly usual: number;
  readonly most: number;
}

/**
 * The page that the call asks for by `per_page` and `page`, and a `Link` header to the others
 * (https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api).
 */
export function paginate<T>(call: Call, items: readonly T[], sizes: PageSizes = { usual: 30, most: 100 }): T[] {
  const size = Math.min(positive(call.req.query("per_page")) ?? sizes.usual, sizes.most);
  const page = positive(call.req.query("page")) ?? 1;
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: [string, number][] = [];
  if (page > 1) links.push(["prev", Math.min(page - 1, last)]);
  if (page < last) links.push(["next", page + 1], ["last", last]);
  if (page > 1) links.push(["first", 1]);
  if (links.length > 0) {
    call.header("Link", links.map(([relation, target]) => `<${pageUrl(call, target)}>; rel="${relation}"`).join(", "));
  }
  return items.slice((page - 1) * size, page * size);
}

function pageUrl(call: Call, page: number): string {
  const url = new URL(call.req.url);
  url.searchParams.set("page", String(page));
  return url.href;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}
