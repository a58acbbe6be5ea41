import { z } from "zod";
import { feedRoles, licences } from "../../feed.ts";
import { isTable } from "../../table.ts";
import { mismatch } from "../problem.ts";
import { alternatives } from "../../words.ts";
import { expecting, list, named, record, text } from "../shapes.ts";
import { feedName } from "./feed.ts";
import { trustEntry } from "./trust.ts";

/** A risk that a file can take on, by name. */
const acceptableRisks = ["pullRequestWrites", "dependencyConfusion"] as const;

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

/** The ways to say what an identity may do on the stack's own feed. */
const accessWays = ["role", "pull", "publish"] as const;

/** What may be said of another feed: a role, or what the identity is for. */
const feedAccess = [...feedRoles, "pull", "publish"] as const;

function isWay(key: unknown): boolean {
  return accessWays.some((way) => way === key);
}

function waysOf(identity: object): string[] {
  return Object.keys(identity).filter((key) => isWay(key));
}

const someFeedAccess = "what it may do, by the name of a feed, as in { shared: reader }";

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
    feeds: named(feedName, z.enum(feedAccess, expecting(alternatives(feedAccess), roleFix)), someFeedAccess)
      .refine((value) => Object.keys(value).length > 0, expecting(someFeedAccess))
      .optional()
      .meta({
        description:
          "What the identity may do on other feeds, by their names in feedpass:feeds: a role, pull or publish.",
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
      `a list, as in [${acceptableRisks[0]}]`,
    )
      .optional()
      .meta({
        description:
          "Risks that the file takes on knowingly. pullRequestWrites: pull requests may write to a feed. dependencyConfusion: it installs from several feeds, and one of them has upstreams.",
      }),
  },
  "an identity, as in { role: reader, trust: [{ branch: main }] }",
)
  .refine((identity) => waysOf(identity).length > 0 || "feeds" in identity, {
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
