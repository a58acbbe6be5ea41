import type { CoveredRoute } from "../service.ts";

const host = "management.azure.com";
const testedBy = "test/sandbox/resource-manager.test.ts";

/** Azure Resource Manager's routes. */
export const resourceManagerCoverage: readonly CoveredRoute[] = [
  {
    host,
    method: "GET",
    path: "/subscriptions",
    source: "https://learn.microsoft.com/rest/api/resources/subscriptions/list",
    testedBy,
  },
  {
    host,
    method: "GET",
    path: "/tenants",
    source: "https://learn.microsoft.com/rest/api/resources/tenants/list",
    testedBy,
  },
];
