import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createCloud } from "../../sandbox/cloud/cloud.ts";
import { coveragePage } from "../../sandbox/cloud/coverage-page.ts";
import type { Evidence } from "../../sandbox/cloud/evidence.ts";
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

test.each(services)("$name: every route says how well its behaviour is known, and since when", (service) => {
  const rows = [...service.coverage, ...(service.customerHosts?.coverage ?? [])];
  const isThread = (source: string) => /^https:\/\/github\.com\/.+\/(issues|pull|discussions)\/\d+/.test(source);
  const isCode = (source: string) => /^https:\/\/github\.com\/.+\/(blob|tree)\/.+/.test(source);
  const fits = ({ source, grade, readOn }: Evidence) => {
    if (!/^20\d\d-[01]\d-[0-3]\d$/.test(readOn) || Number.isNaN(Date.parse(readOn))) return false;
    if (grade === "observed") return isThread(source);
    if (grade === "client's source") return isCode(source);
    return !isThread(source) && (!isCode(source) || source.includes("/MicrosoftDocs/"));
  };

  expect(rows.filter((row) => !fits(row))).toEqual([]);
});

test("the page of the documentation is what npm run docs writes", () => {
  expect(readFileSync("docs/sandbox-coverage.md", "utf8")).toBe(coveragePage(services));
});
