import { documented } from "../evidence.ts";
import type { CoveredRoute } from "../service.ts";

const host = "management.azure.com";
const testedBy = "test/sandbox/resource-manager.test.ts";

/** Azure Resource Manager's routes. */
export const resourceManagerCoverage: readonly CoveredRoute[] = [
  {
    host,
    method: "GET",
    path: "/subscriptions",
    ...documented("https://learn.microsoft.com/rest/api/resources/subscriptions/list", "2026-11-24"),
    testedBy,
  },
  {
    host,
    method: "GET",
    path: "/tenants",
    ...documented("https://learn.microsoft.com/rest/api/resources/tenants/list", "2026-11-24"),
    testedBy,
  },
];
