import { azureDevOps } from "./azure-devops/service.ts";
import { entra } from "./entra/service.ts";
import { github } from "./github/service.ts";
import { graph } from "./graph/service.ts";
import { pypi } from "./pypi/service.ts";
import { resourceManager } from "./resource-manager/service.ts";
import type { CloudContext, CloudService } from "./service.ts";

/** Every service of the private internet. */
export const allServices: ReadonlyArray<(context: CloudContext) => CloudService> = [
  entra,
  graph,
  resourceManager,
  azureDevOps,
  github,
  pypi,
];
