import { expect, test } from "vitest";
import { type FeedLocation, feedPath, feedUrls, organizationUrl } from "../../src/feed.ts";
import { parseRepository } from "../../src/repository.ts";

test.each<[FeedLocation, string, string, string]>([
  [
    { organization: "contoso", project: "data", name: "python" },
    "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/simple/",
    "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/upload",
    "contoso/data/python",
  ],
  [
    { organization: "contoso", name: "python" },
    "https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/",
    "https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/upload",
    "contoso/python",
  ],
  [
    { organization: "contoso", project: "Data Platform", name: "pythön" },
    "https://pkgs.dev.azure.com/contoso/Data%20Platform/_packaging/pyth%C3%B6n/pypi/simple/",
    "https://pkgs.dev.azure.com/contoso/Data%20Platform/_packaging/pyth%C3%B6n/pypi/upload",
    "contoso/Data Platform/pythön",
  ],
])("the feed %j has addresses for pip and twine, and a path for people", (feed, index, upload, path) => {
  expect(feedUrls(feed)).toEqual({ index, upload });
  expect(feedPath(feed)).toBe(path);
});

test("an organization has its address", () => {
  expect(organizationUrl("contoso")).toBe("https://dev.azure.com/contoso");
});

test("a repository is taken apart at its slash", () => {
  expect(parseRepository("contoso/widgets")).toEqual({ owner: "contoso", name: "widgets" });
});
