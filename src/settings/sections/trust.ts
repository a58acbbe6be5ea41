import { z } from "zod";
import { isPattern } from "../../jobs/trust.ts";
import { mismatch } from "../problem.ts";
import { alternatives } from "../../words.ts";
import { deception, expecting, key, quoteIt, record, text } from "../shapes.ts";

/** What a trust list says. */

/** A branch or tag, exact or by a pattern. https://git-scm.com/docs/git-check-ref-format */
function reference(kind: "branch" | "tag", prefix: string) {
  const expected = `the exact name of a ${kind}`;
  return z.string(expecting(expected, (got) => quoteIt(got) ?? ownEntry(kind)(got))).superRefine((name, context) => {
    const allowed = isPattern(name) ? `the name of a ${kind}, or a pattern of names` : expected;
    const fix = referenceFix(name, kind, prefix) ?? patternFix(name, kind);
    const message = fix === undefined ? deception(name, allowed) : mismatch(name, allowed, fix);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
}

/** The branch of a merge queue: exact. */
const queue = "the branch that the merge queue is for";
const queuedBranch = z
  .string(expecting(queue, (got) => quoteIt(got) ?? ownEntry("mergeQueue")(got)))
  .superRefine((name, context) => {
    const fix =
      referenceFix(name, "branch", "refs/heads/") ??
      (isPattern(name) ? "every branch has a merge queue of its own: name the branch" : quoteFix(name));
    const message = fix === undefined ? deception(name, queue) : mismatch(name, queue, fix);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

const workflowForm =
  /^[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9._-]+\/\.github\/workflows\/[A-Za-z0-9._ -]+\.ya?ml@(?:refs\/(?:heads|tags)\/[*?]*[^\s'~^:[\\*?][^\s'~^:[\\]*|[0-9a-f]{40})$/;

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

/**
 * The name of a GitHub environment. GitHub writes `%3A` into a subject where a name has a colon, and documents nothing
 * for a name that has `%3A` itself: the two could be each other.
 * https://docs.github.com/actions/reference/security/oidc#filtering-for-metadata-containing-
 */
export const environmentName = key(
  /^(?=.*\S)(?!.*%3[Aa]).{1,255}$/,
  "the name of a GitHub environment, 1 to 255 characters",
  (got) =>
    typeof got === "string" && /%3a/i.test(got)
      ? "GitHub writes %3A into a subject for a colon, so that the two names would be one: write the colon, or rename it"
      : ownEntry("environment")(got),
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

/** The one entry with two keys. */
const workflowInEnvironment = record(
  { environment: environmentName, workflow },
  "a reusable workflow in an environment",
);

const allKinds = [...Object.values(trustKinds), workflowInEnvironment];

/** The kind that has the keys of a value, no more and no less; undefined where there is none. */
export function trustKindOf(value: unknown): z.ZodType | undefined {
  const keys = typeof value === "object" && value !== null ? Object.keys(value).sort() : [];
  return allKinds.find((kind) => JSON.stringify(Object.keys(kind.shape).sort()) === JSON.stringify(keys));
}

/** One entry of a trust list. */
export const trustEntry = z.union(
  allKinds,
  expecting(`exactly one of ${alternatives(Object.keys(trustKinds))}, as in { branch: main }`, (got) =>
    Object.keys(got ?? {}).length > 1 && typeof got === "object" ? "write each as an entry of its own" : undefined,
  ),
);
