import type { Change } from "../../../src/access/change.ts";
import type { PreviewReport } from "../../../src/report/comment.ts";
import {
  type FleetResults,
  fleetResults,
  merged,
  type ResourceChange,
  type StackResult,
} from "../../../src/report/results.ts";

/** What a stack's result has where a test says nothing else. */
export function stackResult(stack: string, more: Partial<StackResult> = {}): StackResult {
  return { stack, outcome: "same", isNew: false, counts: {}, changes: [], errors: [], ...more };
}

export function run(operation: FleetResults["operation"], stacks: readonly StackResult[]): FleetResults {
  return fleetResults.parse({ operation, why: "", stacks, leftovers: [], seconds: 1 });
}

export function created(type: string, name: string): ResourceChange {
  return { action: "create", type, name, properties: [] };
}

function change(kind: Change["kind"], stack: string, text: string, escalation = false): Change {
  return { kind, escalation, stack, repository: `contoso/${stack.slice(8)}`, feeds: ["contoso/data/python"], text };
}

const feed = "contoso/data/python";

/**
 * A pull request of four parts: it edits contoso-widgets, adds contoso-gadgets, removes contoso-gizmos, and changes the
 * code. Beside that contoso-levers has drifted, and contoso-sprockets fails.
 */
export const pullRequest: PreviewReport = {
  access: [
    change("gain", "contoso-widgets", `environment nightly gains install and publish on ${feed}`, true),
    change("protection", "contoso-widgets", "environment nightly is kept by this file without protection", true),
    change("gain", "contoso-gadgets", `branch main gains install on ${feed}`),
    change("loss", "contoso-widgets", `pull requests lose install on ${feed}`),
    change("file", "contoso-gadgets", "stacks/Pulumi.contoso-gadgets.yaml is new"),
    change(
      "file",
      "contoso-gizmos",
      "stacks/Pulumi.contoso-gizmos.yaml is removed; its access stays until the stack contoso-gizmos is destroyed",
    ),
  ],
  broken: [],
  secretEnds: [],
  expected: ["contoso-gadgets", "contoso-levers", "contoso-sprockets", "contoso-widgets"],
  shared: ["src/names.ts", "src/jobs/trust.ts"],
  preview: merged(
    [
      run("preview", [
        stackResult("contoso-gadgets", {
          outcome: "changed",
          isNew: true,
          repository: "contoso/gadgets",
          counts: { create: 12 },
          changes: [
            created("ApplicationRegistration", "access/reader"),
            created("ServicePrincipal", "access/reader"),
            created("ApplicationFederatedIdentityCredential", "access/reader/branch:main"),
            created("ServicePrincipalEntitlement", "access/reader"),
            created("GroupMembership", "access/reader/project:data"),
            created("FeedPermission", "access/reader/feed:data/python"),
            created("ActionsVariable", "access/AZURE_CLIENT_ID"),
            created("ActionsVariable", "access/AZURE_TENANT_ID"),
            created("ActionsVariable", "access/AZURE_ARTIFACTS_INDEX_URL"),
          ],
        }),
        stackResult("contoso-levers", { repository: "contoso/levers" }),
      ]),
      run("preview", [
        stackResult("contoso-sprockets", {
          outcome: "failed",
          repository: "contoso/sprockets",
          errors: [
            "stacks/Pulumi.contoso-sprockets.yaml: repository: GitHub has moved contoso/sprockets to contoso/cogs; write contoso/cogs",
          ],
        }),
        stackResult("contoso-widgets", {
          outcome: "changed",
          repository: "contoso/widgets",
          counts: { create: 2, delete: 1, update: 1 },
          changes: [
            created("RepositoryEnvironment", "access/environment:nightly"),
            created("ApplicationFederatedIdentityCredential", "access/publisher/environment:nightly"),
            {
              action: "update",
              type: "ApplicationRegistration",
              name: "access/publisher",
              properties: [{ path: "notes", before: '"feedpass 0.1"', after: '"feedpass 0.2"' }],
            },
            {
              action: "delete",
              type: "ApplicationFederatedIdentityCredential",
              name: "access/reader/pullRequest",
              properties: [],
            },
          ],
        }),
      ]),
      { operation: "preview", stacks: [], leftovers: [{ stack: "contoso-gizmos", resources: 24 }] },
    ],
    "preview",
  ),
  drift: merged(
    [
      run("drift", [
        stackResult("contoso-gadgets", { outcome: "absent", isNew: true }),
        stackResult("contoso-levers", {
          outcome: "changed",
          repository: "contoso/levers",
          counts: { update: 1, delete: 1 },
          changes: [
            {
              action: "update",
              type: "FeedPermission",
              name: "access/reader/feed:data/python",
              properties: [{ path: "role", before: '"reader"', after: '"contributor"' }],
            },
            { action: "delete", type: "ActionsVariable", name: "access/AZURE_TENANT_ID", properties: [] },
          ],
        }),
        stackResult("contoso-sprockets"),
        stackResult("contoso-widgets"),
      ]),
    ],
    "drift",
  ),
  unreadable: [],
  base: "9d9c71ec0ffee9d9c71ec0ffee9d9c71ec0ffee0",
  commit: "39c67c9b1d39c67c9b1d39c67c9b1d39c67c9b1d",
  runUrl: "https://github.com/contoso/feed-access/actions/runs/42",
};

/** Nothing of the above. */
export const nothing: PreviewReport = {
  ...pullRequest,
  access: [],
  expected: [],
  shared: [],
  preview: merged([], "preview"),
  drift: merged([], "drift"),
};
