import { z } from "zod";
import { feedRoles, type FeedRole, licences } from "../feed.ts";
import { isPattern } from "../trust.ts";
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

/** A branch or tag, exact or by a pattern. https://git-scm.com/docs/git-check-ref-format */
function reference(kind: "branch" | "tag", prefix: string) {
  const expected = `the exact name of a ${kind}`;
  return z.string(expecting(expected, (got) => quoteIt(got) ?? ownEntry(kind)(got))).superRefine((name, context) => {
    const fix = referenceFix(name, kind, prefix) ?? patternFix(name, kind);
    if (fix === undefined) return;
    const allowed = isPattern(name) ? `the name of a ${kind}, or a pattern of names` : expected;
    context.addIssue({ code: "custom", message: mismatch(name, allowed, fix) });
  });
}

/** The branch of a merge queue: exact. */
const queuedBranch = z
  .string(expecting("the branch that the merge queue is for", (got) => quoteIt(got) ?? ownEntry("mergeQueue")(got)))
  .superRefine((name, context) => {
    const fix =
      referenceFix(name, "branch", "refs/heads/") ??
      (isPattern(name) ? "every branch has a merge queue of its own: name the branch" : quoteFix(name));
    if (fix === undefined) return;
    context.addIssue({ code: "custom", message: mismatch(name, "the branch that the merge queue is for", fix) });
  });

const workflowForm =
  /^[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9._-]+\/\.github\/workflows\/[A-Za-z0-9._ -]+\.ya?ml@(?:refs\/(?:heads|tags)\/[^\s'~^:[\\]*[^\s'~^:[\\*?][^\s'~^:[\\]*|[0-9a-f]{40})$/;

/** A reusable workflow as GitHub names it in a token: with its ref in full. */
const workflow = text(
  workflowForm,
  "a reusable workflow with its ref in full, like contoso/workflows/.github/workflows/publish.yml@refs/heads/main",
  (got) => {
    if (typeof got !== "string") return ownEntry("workflow")(got);
    const [path = "", ref] = got.split("@");
    if (ref === undefined) return "add @refs/heads/BRANCH, @refs/tags/TAG or @ and the commit that jobs call it by";
    if (!/^[^/]+\/[^/]+\/\.github\/workflows\/[^/]+$/.test(path)) {
      return "write OWNER/REPO/.github/workflows/FILE.yml before the @, once";
    }
    if (/^refs\/(heads|tags)\/[*?/]*$/.test(ref)) return "write what the refs begin with, like refs/tags/v*";
    return ref.startsWith("refs/") ? undefined : "write the ref in full: refs/heads/main, refs/tags/v1";
  },
);

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
  const illegal =
    name === "" || name === "@" || /^[/.]|[/.]$|\/\/|\/\.|\.\.|@\{|\.lock(\/|$)|[\p{Cc} ~^:[\\]/u.test(name);
  return illegal ? `git allows no ${kind} of that name` : undefined;
}

const environmentName = text(
  /^(?=.*\S).{1,255}$/,
  "the name of a GitHub environment, 1 to 255 characters",
  ownEntry("environment"),
);

/** A pattern says something, and nothing that Entra could take for more. */
function patternFix(name: string, kind: string): string | undefined {
  if (!isPattern(name)) return undefined;
  if (/^[*?/]*$/.test(name)) {
    return `this would trust every ${kind}: write what the names begin with, like ${kind === "tag" ? "v*" : "release/*"}`;
  }
  return quoteFix(name);
}

/** https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials */
function quoteFix(name: string): string | undefined {
  return name.includes("'") ? "Entra's expressions cannot hold a quote: trust an environment" : undefined;
}

/** What one trust entry can be, by its key. */
const trustKinds = {
  branch: record({ branch: reference("branch", "refs/heads/") }, "a branch"),
  tag: record({ tag: reference("tag", "refs/tags/") }, "a tag"),
  pullRequest: record(
    { pullRequest: z.literal(true, expecting("true", "leave the entry out to trust no pull requests")) },
    "pullRequest: true",
  ),
  environment: record({ environment: environmentName }, "an environment"),
  mergeQueue: record({ mergeQueue: queuedBranch }, "a merge queue"),
  workflow: record({ workflow }, "a reusable workflow"),
};

const trustEntry = z.union(
  [
    trustKinds.branch,
    trustKinds.tag,
    trustKinds.pullRequest,
    trustKinds.environment,
    trustKinds.mergeQueue,
    trustKinds.workflow,
  ],
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

/** The ways to say what an identity may do. */
const accessWays = ["role", "pull", "publish"] as const;

function isWay(key: unknown): boolean {
  return accessWays.some((way) => way === key);
}

function waysOf(identity: object): string[] {
  return Object.keys(identity).filter((key) => isWay(key));
}

function isTable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One identity of a file. */
export const identitySection = record(
  {
    role: z
      .enum(feedRoles, expecting(alternatives(feedRoles), roleFix))
      .optional()
      .meta({
        description:
          "What the identity may do on the feed. reader installs, collaborator also saves from upstreams, contributor also publishes.",
      }),
    pull: z.literal(true, expecting("true", "leave it out otherwise")).optional().meta({
      description:
        "In place of a role: the identity installs. Where the feed has upstreams (feed.upstreams), that takes a collaborator.",
    }),
    publish: z.literal(true, expecting("true", "leave it out otherwise")).optional().meta({
      description: "In place of a role: the identity publishes, and installs too.",
    }),
    licence: z
      .enum(licences, expecting(alternatives(licences)))
      .optional()
      .meta({
        description:
          "The Azure DevOps licence of the identity. stakeholder, the default, is free and is enough for feeds; express is Basic.",
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
)
  .refine((identity) => waysOf(identity).length > 0, {
    path: ["role"],
    error: () => mismatch(undefined, alternatives(feedRoles)),
    when: ({ value, issues }) => isTable(value) && !issues.some(({ path: [key] = [] }) => isWay(key)),
  })
  .refine((identity) => waysOf(identity).length < 2, {
    error: ({ input }) => {
      const ways = waysOf(input as object).join(" and ");
      return `got ${ways}, expected one of ${alternatives(accessWays)}; publish includes what pull gives: keep one`;
    },
    when: ({ value }) => isTable(value),
  });

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
  issuer: text(
    /^https:\/\/token\.actions\.(githubusercontent\.com(\/[A-Za-z0-9][A-Za-z0-9-]*)?|[a-z0-9][a-z0-9-]*\.ghe\.com(\/[A-Za-z0-9][A-Za-z0-9-]*)?)$/,
    "https://token.actions.githubusercontent.com, with /ENTERPRISE after it, or https://token.actions.SUBDOMAIN.ghe.com",
    (got) => (/^https:.*\/$/.test(String(got)) ? "write it without the slash at its end" : undefined),
  )
    .optional()
    .meta({ description: "Who signs the tokens, where an enterprise has an issuer of its own." }),
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
      upstreams: z.boolean(expecting("true or false")).optional().meta({
        description: "Whether the feed has upstream sources. Wanted where an identity says pull: true.",
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

/** What a file says. */
export type WrittenSettings = z.output<typeof settingsSchema>;
export type WrittenIdentity = WrittenSettings["identities"][string];
export type EnvironmentSettings = WrittenSettings["environments"][string];

/** What a file means: every identity has a role, and every environment that patterns ask for is there. */
export type Settings = Omit<WrittenSettings, "identities"> & {
  readonly identities: Record<string, IdentitySettings>;
};
export type IdentitySettings = Omit<WrittenIdentity, "role"> & { readonly role: FeedRole };
