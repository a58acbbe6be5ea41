import { documented } from "../evidence.ts";
import type { CoveredRoute } from "../service.ts";

const testedBy = "test/sandbox/pypi.test.ts";
const source = "https://packaging.python.org/specifications/simple-repository-api/";

const route = (host: string, path: string, documentation = source): CoveredRoute => ({
  host,
  method: "GET",
  path,
  ...documented(documentation, "2026-11-24"),
  testedBy,
});

/** The public index's routes. */
export const pypiCoverage: readonly CoveredRoute[] = [
  route("pypi.org", "/simple"),
  route("pypi.org", "/simple/"),
  route("pypi.org", "/simple/:project", "https://docs.pypi.org/api/index-api/"),
  route("pypi.org", "/simple/:project/", "https://docs.pypi.org/api/index-api/"),
  route(
    "files.pythonhosted.org",
    "/packages/:first/:second/:rest/:file",
    "https://packaging.python.org/specifications/simple-repository-api/#serve-distribution-metadata-in-the-simple-repository-api",
  ),
];
