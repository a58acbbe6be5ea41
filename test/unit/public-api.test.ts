import { expect, test } from "vitest";
import * as feedpass from "../../src/index.ts";
import { inputsOf } from "../support/access-args.ts";
import { known, record } from "../support/mocks.ts";
import { program } from "./public-types.ts";

test("the package has exactly these names at run time", () => {
  expect(Object.keys(feedpass).sort()).toEqual([
    "ActionsSettings",
    "FeedMembership",
    "PipelineIdentity",
    "RepositoryAccess",
    "feedRoles",
    "feedUrls",
    "lookUpFeed",
    "subjectOf",
  ]);
});

test("a program of the package's user builds what it says", async () => {
  const { result, resources } = await record(() => program("tenant id"));

  expect(await known(result)).toBe("client id of access/reader");
  expect(Object.keys(inputsOf(resources, "FeedPermission")).sort()).toEqual([
    "access/publisher/feed:python",
    "access/reader/feed:python",
  ]);
  expect(Object.keys(inputsOf(resources, "ApplicationFederatedIdentityCredential")).sort()).toEqual([
    "access/publisher/environment:release",
    "access/publisher/tag:v1",
    "access/reader/branch:main",
    "access/reader/pullRequest",
  ]);
});
