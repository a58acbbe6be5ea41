import type { CloudContext, CloudService } from "../service.ts";
import { coverage } from "./coverage.ts";
import { type Endpoint, hostApp } from "./endpoint.ts";
import { errorResponse, ServiceError } from "./errors.ts";
import { packagesApp, packagesCoverage, packagesHost } from "./packages/app.ts";
import { discoveryEndpoints } from "./routes/discovery.ts";
import { entitlementEndpoints } from "./routes/entitlements.ts";
import { feedBinEndpoints } from "./routes/feed-bin.ts";
import { feedPermissionEndpoints } from "./routes/feed-permissions.ts";
import { feedViewEndpoints } from "./routes/feed-views.ts";
import { feedEndpoints } from "./routes/feeds.ts";
import { graphMembershipEndpoints } from "./routes/graph-memberships.ts";
import { graphSubjectEndpoints } from "./routes/graph-subjects.ts";
import { identityEndpoints } from "./routes/identities.ts";
import { projectEndpoints } from "./routes/projects.ts";

const endpointsOf: Readonly<Record<string, readonly Endpoint[]>> = {
  "dev.azure.com": projectEndpoints,
  "feeds.dev.azure.com": [...feedEndpoints, ...feedViewEndpoints, ...feedPermissionEndpoints, ...feedBinEndpoints],
  "vssps.dev.azure.com": [...graphSubjectEndpoints, ...graphMembershipEndpoints, ...identityEndpoints],
  "vsaex.dev.azure.com": entitlementEndpoints,
};

/** Azure DevOps, on its own hosts: discovery, projects, feeds, their permissions and packages, groups and members. */
export function azureDevOps(context: CloudContext): CloudService {
  const hosts = Object.entries(endpointsOf).map(([host, endpoints]) => {
    return [host, hostApp(context, [...endpoints, ...discoveryEndpoints(endpoints)])] as const;
  });
  return {
    name: "azure-devops",
    hosts: { ...Object.fromEntries(hosts), [packagesHost]: packagesApp(context) },
    coverage: [...coverage, ...packagesCoverage],
    errorResponse: (status, code, message) =>
      errorResponse(new ServiceError(status, code, message, "Microsoft.VisualStudio.Services.Common")),
  };
}
