import { z } from "zod";
import { feedRoles } from "../feed.ts";
import { alternatives, mismatch } from "./problem.ts";
import { expecting, type Fix, list, named, names, quoteIt, record, text } from "./shapes.ts";

/**
 * The stack file's own part, `feedpass:*`: types, checks and the JSON schema for editors come from here. What relates
 * several values to each other is in rules.ts.
 */

function uuid(what: string, fix?: Fix) {
  const pattern = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;
  return text(pattern, `the id of ${what}, like 11111111-2222-3333-4444-555555555555`, fix);
}

/** A branch or tag, exact. https://git-scm.com/docs/git-check-ref-format */
function reference(kind: "branch" | "tag", prefix: string) {
  const expected = `the exact name of a ${kind}`;
  return z.string(expecting(expected, (got) => quoteIt(got) ?? ownEntry(kind)(got))).superRefine((name, context) => {
    const fix = referenceFix(name, kind, prefix);
    if (fix !== undefined) context.addIssue({ code: "custom", message: mismatch(name, expected, fix) });
  });
}

/** One entry has one value. */
function ownEntry(kind: string) {
  return (got: unknown) => (Array.isArray(got) ? `write each ${kind} as an entry of its own` : undefined);
}

/** What to do about a name that no branch or tag can have; undefined where it is one. */
function referenceFix(name: string, kind: string, prefix: string): string | undefined {
  const quoting = quoteIt(name);
  if (quoting !== undefined) return quoting;
  if (name.startsWith(prefix)) return `write the name without ${prefix}`;
  const [, other, rest] = /^refs\/(head|tag)s\/(.*)$/.exec(name) ?? [];
  if (other !== undefined) return `trust it as { ${other === "head" ? "branch" : "tag"}: ${rest} }`;
  if (name.startsWith("refs/")) return "write the name without refs/";
  if (/[*?]/.test(name)) return `a federated credential has no wildcards: name each ${kind}, or trust an environment`;
  const illegal =
    name === "" || name === "@" || /^[/.]|[/.]$|\/\/|\/\.|\.\.|@\{|\.lock(\/|$)|[\p{Cc} ~^:[\\]/u.test(name);
  return illegal ? `git allows no ${kind} of that name` : undefined;
}

const environmentName = text(
  /^(?=.*\S).{1,255}$/,
  "the name of a GitHub environment, 1 to 255 characters",
  ownEntry("environment"),
);

/** What one trust entry can be, by its key. */
const trustKinds = {
  branch: record({ branch: reference("branch", "refs/heads/") }, "a branch"),
  tag: record({ tag: reference("tag", "refs/tags/") }, "a tag"),
  pullRequest: record(
    { pullRequest: z.literal(true, expecting("true", "leave the entry out to trust no pull requests")) },
    "pullRequest: true",
  ),
  environment: record({ environment: environmentName }, "an environment"),
};

const trustEntry = z.union(
  [trustKinds.branch, trustKinds.tag, trustKinds.pullRequest, trustKinds.environment],
  expecting(`exactly one of ${alternatives(Object.keys(trustKinds))}, as in { branch: main }`, (got) =>
    Object.keys(got ?? {}).length > 1 && typeof got === "object" ? "write each as an entry of its own" : undefined,
  ),
);

/** A risk that a file can take on, by name. */
const acceptableRisks = ["pullRequestWrites"] as const;

/** A day, also as the engine hands on one without quotes. */
const day = z
  .string(expecting("a day like 2027-06-30"))
  .regex(/^\d{4}-\d{2}-\d{2}( 00:00:00 \+0000 UTC)?$/, { ...expecting("a day like 2027-06-30"), abort: true })
  .refine((value) => isDay(value.slice(0, 10)), expecting("a day that the calendar has"))
  .transform((value) => value.slice(0, 10));

/** JavaScript takes 30 February for 2 March. */
function isDay(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

function roleFix(got: unknown): string | undefined {
  return /^(owner|admin)/i.test(String(got)) ? "feedpass gives no role that administers a feed" : undefined;
}

/** One identity of a file. */
export const identitySection = record(
  {
    role: z.enum(feedRoles, expecting(alternatives(feedRoles), roleFix)).meta({
      description:
        "What the identity may do on the feed. reader installs, collaborator also saves from upstreams, contributor also publishes.",
    }),
    trust: list(trustEntry, "a list of who may sign in, as in [{ branch: main }]").meta({
      description: "The jobs that may sign in as this identity.",
    }),
    signIn: z.enum(["oidc", "secret", "both"], expecting("oidc, secret or both")).default("oidc").meta({
      description:
        "How a job signs in. oidc needs no secret; secret is for runners that cannot do OIDC; both is the bridge off it.",
    }),
    secretExpires: day.optional().meta({
      description:
        "The day on which the client secret ends, with signIn secret or both. A later day makes a new secret.",
    }),
    variablePrefix: text(/^[A-Z][A-Z0-9_]*_$/, 'capitals and digits with "_" at the end, like PUBLISHER_')
      .refine(
        (prefix) => !prefix.startsWith("GITHUB_"),
        expecting("a prefix that does not begin with GITHUB_", "GitHub keeps those names for itself"),
      )
      .optional()
      .meta({ description: "Put before the name of each variable and secret of this identity." }),
    acceptedRisks: list(
      z.enum(acceptableRisks, expecting(alternatives(acceptableRisks))),
      `a list, as in [${acceptableRisks.join(", ")}]`,
    )
      .optional()
      .meta({
        description: "Risks that the file takes on knowingly. pullRequestWrites: pull requests may write to the feed.",
      }),
  },
  "an identity, as in { role: reader, trust: [{ branch: main }] }",
);

function reviewerNames(what: string, example: string) {
  const name = text(/^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/, `${what}, as in ${example}`);
  return names(name, `a list, as in [${example}]`).optional();
}

function deployPatterns(kind: "branch" | "tag", prefix: string, example: string) {
  const pattern = text(/^(?!refs\/(?:heads|tags)\/)[^ ~^:\\]+$/, `the name or pattern of a ${kind}`, (got) =>
    String(got).startsWith(prefix) ? `write it without ${prefix}` : undefined,
  );
  return names(pattern, `a list, as in [${example}]`).optional();
}

/** One managed environment of a file. */
export const environmentSection = record(
  {
    reviewers: record(
      {
        teams: reviewerNames("the slug of a team", "release-managers"),
        users: reviewerNames("the login of a user", "octocat"),
      },
      "teams, users or both, as in { teams: [release-managers] }",
    )
      .optional()
      .meta({ description: "Who must approve a deployment, six at most." }),
    preventSelfReview: z
      .boolean(expecting("true or false"))
      .default(false)
      .meta({ description: "Whoever starts a deployment cannot approve it." }),
    adminsMayBypass: z
      .boolean(expecting("true or false"))
      .default(false)
      .meta({ description: "Whether the repository's administrators can pass the protection by." }),
    waitMinutes: z
      .int(expecting("a whole number of minutes from 1 to 43200"))
      .min(1, expecting("a whole number of minutes from 1 to 43200"))
      .max(43_200, expecting("a whole number of minutes from 1 to 43200"))
      .optional()
      .meta({ description: "How long each deployment waits." }),
    deployFrom: record(
      {
        branches: deployPatterns("branch", "refs/heads/", "main"),
        tags: deployPatterns("tag", "refs/tags/", '"v*"'),
        protectedBranches: z.literal(true, expecting("true", "leave it out otherwise")).optional(),
      },
      "branches, tags or protectedBranches, as in { branches: [main] }",
    )
      .optional()
      .meta({ description: "The branches and tags that may deploy. Left out, every one may." }),
  },
  "the environment's protection; write {} for none",
);

const someIdentity = "at least one identity by its name, as in { reader: { role: reader, trust: [{ branch: main }] } }";

const identityName = text(
  /^[a-z][a-z0-9-]{0,31}$/,
  "a name of at most 32 lower-case letters, digits and hyphens, a letter first",
);

function repositoryFix(got: unknown): string | undefined {
  if (typeof got !== "string") return undefined;
  if (got.includes("github.com")) return "write it without the address of GitHub";
  return got.endsWith(".git") ? "write it without .git" : undefined;
}

const organizationName = text(
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/,
  "the name of an Azure DevOps organization",
  (got) => (/[/.]/.test(String(got)) ? "write contoso for https://dev.azure.com/contoso" : undefined),
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
  tenantId: uuid("an Entra tenant", (got) =>
    got === undefined ? "set feedpass:tenantId in Pulumi.yaml, once for all stacks" : undefined,
  ).meta({ description: "The Entra tenant that the Azure DevOps organization belongs to." }),
  subscriptionId: uuid("an Azure subscription")
    .optional()
    .meta({ description: "Only told to workflows, for tools that want one. Nothing is done there." }),
  organization: organizationName
    .optional()
    .meta({ description: "The Azure DevOps organization of feeds that name none." }),
  feed: record(
    {
      organization: organizationName.optional(),
      project: text(
        /^[^/:\\~&%;@'"?<>|#$*}{,+=[\]]{1,64}$/,
        "the name of an Azure DevOps project",
        "leave it out for a feed of the organization",
      )
        .optional()
        .meta({ description: "The project of a project-scoped feed. Leave it out for a feed of the organization." }),
      name: text(
        /^[^\s/:\\~&%;@'"?<>|#$*}{,+=[\]]{1,64}$/,
        "the name of a feed",
        "write it without organization, project or view",
      ),
      create: z.boolean(expecting("true or false")).default(false).meta({
        description: "Whether this stack makes the feed. By default the feed exists and belongs to somebody else.",
      }),
    },
    "a feed with its name, as in { name: python }",
  ).meta({ description: "The Azure Artifacts feed." }),
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

export type Settings = z.output<typeof settingsSchema>;
export type IdentitySettings = Settings["identities"][string];
export type EnvironmentSettings = Settings["environments"][string];
