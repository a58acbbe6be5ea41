import { expect } from "vitest";
import type { Cloud } from "../../sandbox/cloud/cloud.ts";

/**
 * Asserts that every route whose coverage row names this test file was really called since the log was last cleared.
 * @param testFile the test's path from the repository's root
 */
export function expectRoutesExercised(cloud: Cloud, testFile: string): void {
  const called = new Set(cloud.requests.all().map((entry) => `${entry.method} ${entry.host}${entry.route ?? ""}`));
  const claimed = cloud.services
    .flatMap((service) => service.coverage)
    .filter((row) => row.testedBy === testFile)
    .map((row) => `${row.method} ${row.host}${row.path}`);
  expect(claimed.filter((route) => !called.has(route))).toEqual([]);
}
