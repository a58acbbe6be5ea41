import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createCloud } from "../../sandbox/cloud/cloud.ts";
import { coveragePage } from "../../sandbox/cloud/coverage-page.ts";
import { allServices } from "../../sandbox/cloud/services.ts";

const { services } = createCloud({ services: allServices });

test.each(services)("$name: the coverage table lists exactly the routes that are registered", (service) => {
  const registered = Object.entries(service.hosts).flatMap(([host, app]) =>
    app.routes.filter((route) => route.method !== "ALL").map((route) => `${route.method} ${host}${route.path}`),
  );

  expect(service.coverage.map((row) => `${row.method} ${row.host}${row.path}`).sort()).toEqual(
    [...new Set(registered)].sort(),
  );
});

test.each(services)("$name: every route names its source and a test file that exists", (service) => {
  const rows = [...service.coverage, ...(service.customerHosts?.coverage ?? [])];
  const broken = rows.filter((row) => !/^https:\/\//.test(row.source) || !existsSync(row.testedBy));

  expect(broken).toEqual([]);
});

test("the page of the documentation is what npm run docs writes", () => {
  expect(readFileSync("docs/sandbox-coverage.md", "utf8")).toBe(coveragePage(services));
});
