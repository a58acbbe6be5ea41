import {
  PolicyPack,
  type ReportViolation,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { resourceOf, resourcesOf } from "./given.ts";
import type { Violation } from "./resource.ts";
import {
  credentialsInVariable,
  endlessPassword,
  feedAdministrator,
  unprotectedIdentity,
  wildcardWithoutId,
} from "./rules.ts";
import { passwordInVariable, pullRequestReaderPublishes, pullRequestWrites, writingRoles } from "./stack-rules.ts";

/** The guardrails as a policy pack. What each is for, and how to turn it on, is in docs/policy.md. */
const policies: readonly (ResourceValidationPolicy | StackValidationPolicy)[] = [
  {
    name: "no-publish-for-pull-requests",
    description: "An identity that the jobs of pull requests can become writes to no feed.",
    configSchema: {
      properties: {
        roles: { type: "array", items: { type: "string", enum: [...writingRoles] }, default: [...writingRoles] },
      },
    },
    validateStack: (args, report) => {
      const { roles = writingRoles } = args.getConfig<{ roles?: string[] }>();
      tell(pullRequestWrites(resourcesOf(args.resources), roles), report);
    },
  },
  {
    name: "no-publisher-that-reads-for-pull-requests",
    description: "An identity that pull requests read feeds with publishes nowhere.",
    validateStack: (args, report) => tell(pullRequestReaderPublishes(resourcesOf(args.resources)), report),
  },
  {
    name: "no-wildcard-without-id",
    description: "A flexible federated credential names whose tokens it accepts by an id.",
    configSchema: {
      properties: { idClaims: { type: "array", items: { type: "string" }, default: ["repository_id"] } },
    },
    validateResource: (args, report) => {
      const { idClaims = ["repository_id"] } = args.getConfig<{ idClaims?: string[] }>();
      for (const message of wildcardWithoutId(resourceOf(args), idClaims)) report(message);
    },
  },
  {
    name: "no-feed-administrator",
    description: "No identity administers a feed.",
    validateResource: (args, report) => {
      for (const message of feedAdministrator(resourceOf(args))) report(message);
    },
  },
  {
    name: "no-endless-password",
    description: "Every password of an application ends, within the limit.",
    configSchema: { properties: { days: { type: "integer", minimum: 1, default: 730 } } },
    validateResource: (args, report) => {
      const { days = 730 } = args.getConfig<{ days?: number }>();
      for (const message of endlessPassword(resourceOf(args), days, Date.now())) report(message);
    },
  },
  {
    name: "protected-identities",
    description: "Applications, service principals and entitlements are protected from deletion.",
    configSchema: { properties: { heedRemovable: { type: "boolean", default: true } } },
    validateResource: (args, report) => {
      const { heedRemovable = true } = args.getConfig<{ heedRemovable?: boolean }>();
      if (heedRemovable && new pulumi.Config("feedpass").get("removable") === "true") return;
      for (const message of unprotectedIdentity(resourceOf(args))) report(message);
    },
  },
  {
    name: "no-credentials-in-variables",
    description: "Credentials are secrets of GitHub, never variables.",
    validateResource: (args, report) => {
      for (const message of credentialsInVariable(resourceOf(args))) report(message);
    },
  },
  {
    name: "no-passwords-in-variables",
    description: "The password of an application goes into no variable of GitHub.",
    validateStack: (args, report) => tell(passwordInVariable(resourcesOf(args.resources)), report),
  },
];

new PolicyPack("feedpass", { policies: [...policies], enforcementLevel: "mandatory" });

function tell(violations: readonly Violation[], report: ReportViolation): void {
  for (const { message, urn } of violations) report(message, urn);
}
