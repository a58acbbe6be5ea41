import { z } from "zod";
import type { FeedLocation } from "../feed.ts";
import type { FeedRoles } from "../feed-roles.ts";
import { environmentSection } from "./sections/environment.ts";
import { feedSection, feedsSection, organizationName } from "./sections/feed.ts";
import { identitySection } from "./sections/identity.ts";
import { issuerAddress } from "./sections/issuer.ts";
import { environmentName } from "./sections/trust.ts";
import { expecting, type Fix, key, named, names, record, text } from "./shapes.ts";

/**
 * The stack file's own part, `feedpass:*`: types, checks and the JSON schema for editors come from here. What relates
 * several values to each other is in rules.ts.
 */

function uuid(what: string, fix?: Fix) {
  const pattern = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;
  return text(pattern, `the id of ${what}, like 11111111-2222-3333-4444-555555555555`, fix);
}

const someIdentity = "at least one identity by its name, as in { reader: { role: reader, trust: [{ branch: main }] } }";

function repositoryFix(got: unknown): string | undefined {
  if (typeof got !== "string") return undefined;
  if (got.includes("github.com")) return "write it without the address of GitHub";
  return got.endsWith(".git") ? "write it without .git" : undefined;
}

const identityName = key(
  /^[a-z][a-z0-9-]{0,31}$/,
  "a name of at most 32 lower-case letters, digits and hyphens, a letter first",
);

/** Each key of `feedpass:` with its own check, so that one bad value hides no other. */
export const sections = {
  repository: text(
    /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})\/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/,
    "OWNER/NAME, as in contoso/widgets",
    repositoryFix,
  ).meta({ description: "The GitHub repository: OWNER/NAME." }),
  subjectPrefix: text(
    /^repo:[^/:@\s]+(@\d+\/[^/:@\s]+@\d+|\/[^/:@\s]+)$/,
    "repo:OWNER/NAME or repo:OWNER@ID/NAME@ID",
    "leave it out and GitHub is asked",
  )
    .optional()
    .meta({
      description: "Pins the start of the subjects that GitHub mints for this repository, instead of asking GitHub.",
    }),
  subjectTemplate: names(
    text(/^[a-z][a-z0-9_]*$/, "the name of a claim, like repo, context or job_workflow_ref"),
    "the claims that subjects are made of, as in [repo, context]",
  )
    .optional()
    .meta({
      description:
        "Pins the claims that GitHub makes subjects of, instead of asking GitHub. Wanted for customized ones.",
    }),
  repositoryId: text(/^[1-9]\d{0,18}$/, 'the repository\'s id in quotes, as in "123456789"')
    .optional()
    .meta({ description: "Pins the repository's id, which patterns need beside a pinned subjectPrefix without ids." }),
  subjects: z.enum(["current", "both"], expecting("current or both")).optional().meta({
    description:
      "Which subjects are trusted. current: as GitHub mints them today; both: with names and with ids, while the repository moves from one to the other.",
  }),
  issuer: issuerAddress.optional().meta({
    description:
      "Who signs the tokens, where an enterprise has an issuer of its own. One of feedpass:issuers in Pulumi.yaml.",
  }),
  patterns: z.enum(["credential", "environment"], expecting("credential or environment")).optional().meta({
    description:
      "What becomes of branches and tags with * or ?. credential, the default: flexible credentials, a preview of Entra's; environment: an environment named after the identity, which only they may deploy to.",
  }),
  tenantId: uuid("an Entra tenant", (got) =>
    got === undefined ? "set feedpass:tenantId in Pulumi.yaml, once for all stacks" : undefined,
  ).meta({ description: "The Entra tenant that the Azure DevOps organization belongs to." }),
  subscriptionId: uuid("an Azure subscription")
    .optional()
    .meta({ description: "Only told to workflows, for tools that want one. Nothing is done there." }),
  organization: organizationName
    .optional()
    .meta({ description: "The Azure DevOps organization of feeds that name none." }),
  feed: feedSection,
  feeds: feedsSection,
  identities: named(identityName, identitySection, someIdentity)
    .refine((value) => Object.keys(value).length > 0, expecting(someIdentity))
    .meta({ description: "The identities that the repository's workflows sign in as." }),
  environments: named(environmentName, environmentSection, "environments by name, as in { release: {} }")
    .default({})
    .meta({
      description:
        "The GitHub environments that this stack makes and protects. One that is trusted and not named here must exist.",
    }),
  removable: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((value) => value === "true")], expecting("true or false"))
    .default(false)
    .meta({ description: "Lifts the protection from deletion." }),
};

/** The settings of one stack, checked in themselves; `checkSettings` also relates them to each other. */
export const settingsSchema = record(sections, "the settings of a stack");

/** What a file says. */
export type WrittenSettings = z.output<typeof settingsSchema>;
export type WrittenIdentity = WrittenSettings["identities"][string];
export type EnvironmentSettings = WrittenSettings["environments"][string];

/** What a file means: every identity has its roles, and every environment that patterns ask for is there. */
export type Settings = Omit<WrittenSettings, "identities" | "feed" | "feeds" | "organization"> & {
  /** By the stack's names for them, its own first. */
  readonly feeds: Readonly<Record<string, FeedSettings>>;
  readonly identities: Readonly<Record<string, IdentitySettings>>;
};
export type IdentitySettings = Omit<WrittenIdentity, "role"> & {
  readonly roles: FeedRoles;
};
export interface FeedSettings extends FeedLocation {
  /** Whether the stack makes it. */
  readonly create: boolean;
  /** Whether it has upstream sources; undefined where nobody said. */
  readonly upstreams: boolean | undefined;
}
