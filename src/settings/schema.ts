import { z } from "zod";
import { feedRoles } from "../feed.ts";
import { alternatives, mismatch, shown } from "./problem.ts";

/**
 * The stack file's own part, `feedpass:*`: types, checks and the JSON schema for editors come from here. What relates
 * several values to each other is in rules.ts.
 */

/** The message for any value that is not of the wanted shape. */
function expecting(expected: string, fix?: string) {
  return { error: (issue: { input?: unknown }) => mismatch(issue.input, expected, fix) };
}

/** A string that matches; the pattern reaches editors too. */
function text(pattern: RegExp, expected: string, fix?: string) {
  return z.string(expecting(expected, fix)).regex(pattern, expecting(expected, fix));
}

function list<T extends z.ZodType>(item: T, expected: string) {
  return z.array(item, expecting(expected)).min(1, expecting(expected));
}

/** An object in which an unknown key is a problem that names the known ones. */
function record<T extends z.ZodRawShape>(shape: T, expected: string) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown ${issue.keys.map((key) => shown(key)).join(" and ")}, expected ${alternatives(known)}`
        : mismatch(issue.input, expected),
  });
}

const uuid = text(
  /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
  "an id like 11111111-2222-3333-4444-555555555555",
);

/** A branch or tag, exact. https://git-scm.com/docs/git-check-ref-format */
function reference(kind: "branch" | "tag", prefix: string) {
  const expected = `the exact name of a ${kind}`;
  return z
    .string(expecting(expected, "quote a value that YAML reads as a number or a date"))
    .superRefine((name, context) => {
      const fix = referenceFix(name, kind, prefix);
      if (fix !== undefined) context.addIssue({ code: "custom", message: mismatch(name, expected, fix) });
    });
}

/** What to do about a name that no branch or tag can have; undefined where there is nothing to do. */
function referenceFix(name: string, kind: string, prefix: string): string | undefined {
  if (name.startsWith("refs/")) return `write the name without ${name.startsWith(prefix) ? prefix : "refs/"}`;
  if (/[*?]/.test(name)) return `a federated credential has no wildcards: name each ${kind}, or trust an environment`;
  const illegal =
    name === "" || name === "@" || /^[/.]|[/.]$|\/\/|\/\.|\.\.|@\{|\.lock(\/|$)|[\p{Cc} ~^:[\\]/u.test(name);
  return illegal ? `git allows no ${kind} of that name` : undefined;
}

const environmentName = text(/^(?=.*\S)[^\p{Cc}]{1,255}$/u, "the name of a GitHub environment, 1 to 255 characters");

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
const trustExpected = `exactly one of ${alternatives(Object.keys(trustKinds))}`;

const trustEntry = z.union([trustKinds.branch, trustKinds.tag, trustKinds.pullRequest, trustKinds.environment], {
  error: (issue) => trustMismatch(issue.input),
});

/**
 * The message for an entry that is of no kind. An entry that names one kind is wrong in its value, and the union's own
 * message would hide that: say what that kind says.
 */
function trustMismatch(input: unknown): string {
  const keys = typeof input === "object" && input !== null ? Object.keys(input) : [];
  const [key] = keys;
  const kind = keys.length === 1 ? trustKinds[key as keyof typeof trustKinds] : undefined;
  const issue = kind?.safeParse(input).error?.issues[0];
  return (
    issue?.message ?? mismatch(input, trustExpected, "write each branch, tag or environment as an entry of its own")
  );
}

/** A risk that a file can take on, by name. */
export const acceptableRisks = ["pullRequestWrites"] as const;

const day = text(/^\d{4}-\d{2}-\d{2}(T00:00:00Z)?$/, "a day like 2027-06-30").refine(
  (value) => !Number.isNaN(Date.parse(value)),
  expecting("a day like 2027-06-30"),
);

/** One identity of a file. */
export const identitySection = record(
  {
    role: z.enum(feedRoles, expecting(alternatives(feedRoles), "feedpass gives no role that administers a feed")).meta({
      description:
        "What the identity may do on the feed. reader installs, collaborator also saves from upstreams, contributor also publishes.",
    }),
    trust: list(trustEntry, "a list of the branches, tags, pull requests and environments that may sign in").meta({
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
      .refine((prefix) => !prefix.startsWith("GITHUB_"), expecting("no prefix of GitHub's own", "GITHUB_ is reserved"))
      .optional()
      .meta({ description: "Put before the name of each variable and secret of this identity." }),
    acceptedRisks: list(
      z.enum(acceptableRisks, expecting(alternatives(acceptableRisks))),
      `a list of ${alternatives(acceptableRisks)}`,
    )
      .optional()
      .meta({
        description: "Risks that the file takes on knowingly. pullRequestWrites: pull requests may write to the feed.",
      }),
  },
  "an identity with role and trust",
);

const reviewerNames = (what: string) =>
  list(text(/^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/, `the ${what}`), `a list of ${what}s`).optional();

const deployPatterns = (what: string) =>
  list(text(/^[^\p{Cc} ~^:\\]+$/u, `a ${what} name or pattern`), `a list of ${what} names or patterns`).optional();

/** One managed environment of a file. */
export const environmentSection = record(
  {
    reviewers: record(
      { teams: reviewerNames("slug of a team"), users: reviewerNames("login of a user") },
      "teams, users or both",
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
        branches: deployPatterns("branch"),
        tags: deployPatterns("tag"),
        protectedBranches: z.literal(true, expecting("true")).optional(),
      },
      "branches, tags or protectedBranches",
    )
      .optional()
      .meta({ description: "The branches and tags that may deploy. Left out, every one may." }),
  },
  "an environment's protection; {} for none",
);

/** A table keyed by names of the user's own. */
function named<T extends z.ZodType>(name: z.ZodString, value: T, expected: string) {
  return z.record(name, value, {
    error: (issue) =>
      issue.code === "invalid_key" ? (issue.issues[0]?.message ?? expected) : mismatch(issue.input, expected),
  });
}

const identityName = text(/^[a-z][a-z0-9-]{0,31}$/, "a name of at most 32 lower-case letters, digits and hyphens");

/** Each key of `feedpass:` with its own check, so that one bad value hides no other. */
export const sections = {
  repository: text(
    /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
    "OWNER/NAME, as in contoso/widgets",
    "write the repository without the address of GitHub",
  ).meta({ description: "The GitHub repository: OWNER/NAME." }),
  subjectPrefix: text(
    /^repo:[^/:@\s]+(@\d+)?\/[^/:@\s]+(@\d+)?$/,
    "repo:OWNER/NAME or repo:OWNER@ID/NAME@ID",
    "leave it out and GitHub is asked",
  )
    .optional()
    .meta({
      description: "Pins the start of the subjects that GitHub mints for this repository, instead of asking GitHub.",
    }),
  tenantId: z
    .string(expecting("the id of the Entra tenant", "set feedpass:tenantId in Pulumi.yaml, once for all stacks"))
    .pipe(uuid)
    .meta({ description: "The Entra tenant that the Azure DevOps organization belongs to." }),
  subscriptionId: uuid
    .optional()
    .meta({ description: "Only told to workflows, for tools that want one. Nothing is done there." }),
  organization: text(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/, "the name of an Azure DevOps organization")
    .optional()
    .meta({ description: "The Azure DevOps organization of feeds that name none." }),
  feed: record(
    {
      organization: text(
        /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/,
        "the name of an Azure DevOps organization",
        "write contoso for https://dev.azure.com/contoso",
      ).optional(),
      project: text(/^[^\p{Cc}/:\\~&%;@'"?<>|#$*}{,+=[\]]{1,64}$/u, "the name of an Azure DevOps project")
        .optional()
        .meta({ description: "The project of a project-scoped feed. Leave it out for a feed of the organization." }),
      name: text(/^[^\p{Cc}\s/:\\~&%;@'"?<>|#$*}{,+=[\]]{1,64}$/u, "the name of a feed"),
      create: z.boolean(expecting("true or false")).default(false).meta({
        description: "Whether this stack makes the feed. By default the feed exists and belongs to somebody else.",
      }),
    },
    "a feed with a name",
  ).meta({ description: "The Azure Artifacts feed." }),
  identities: named(identityName, identitySection, "at least one identity by name")
    .refine((value) => Object.keys(value).length > 0, expecting("at least one identity by name"))
    .meta({ description: "The identities that the repository's workflows sign in as." }),
  environments: named(environmentName, environmentSection, "environments by name").default({}).meta({
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
