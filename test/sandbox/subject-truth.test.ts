import fc from "fast-check";
import { expect, test } from "vitest";
import type { FederatedCredential } from "../../sandbox/cloud/entra/directory.ts";
import { federationRefusal } from "../../sandbox/cloud/entra/federation.ts";
import { jobClaims, templateKeys } from "../../sandbox/cloud/github/oidc/claims.ts";
import { issuerOf } from "../../sandbox/cloud/github/oidc/issuer.ts";
import {
  buildSubject,
  MissingClaimError,
  subjectContext,
  subjectPrefix,
} from "../../sandbox/cloud/github/oidc/subject.ts";
import { credentialRefusal } from "../../sandbox/cloud/graph/federated-credential-rules.ts";
import { credentialName } from "../../src/names.ts";
import { federate, type FederatedTrust } from "../../src/subjects/credentials.ts";
import { type RepositorySubjects, subjectsOf } from "../../src/subjects/repository-subjects.ts";
import { tellsApart } from "../../src/subjects/subject.ts";
import { federationAudience, meansSeveralRefs, type TrustEntry } from "../../src/trust.ts";

// Proves that what feedpass asks of Entra accepts the tokens that GitHub mints for the jobs that the trust list means,
// and no others. GitHub, Graph and Entra are the sandbox's; feedpass does not know them.

const numRuns = 10_000;
/** FEEDPASS_SEED runs a printed seed again. */
const seed = Number(process.env.FEEDPASS_SEED ?? Date.now() % 2 ** 31);
console.info(`subjects: seed ${seed}, ${numRuns} cases for each property`);

/** Names that are alike, and such as want to be taken for something else. */
const word = fc.constantFrom(
  "main",
  "v1",
  "v1.2",
  "v",
  "release",
  "x-stable",
  "pr-1",
  "ref",
  "refs",
  "context",
  "b",
  "environment",
);
const name = fc.oneof(
  { weight: 3, arbitrary: word },
  { weight: 1, arbitrary: fc.tuple(word, word).map(([one, other]) => `${one}/${other}`) },
);
const odd = fc.constantFrom(
  "x:ref:refs/tags/v1",
  "release",
  "refs/tags/v1",
  "a:pull_request",
  "ref",
  "it's",
  "v*",
  "50%3A",
  "x:job_workflow_ref:contoso/shared/.github/workflows/publish.yml@refs/heads/main",
);
const environment = fc.oneof(word, odd);
const workflowRef = fc
  .tuple(fc.constantFrom("contoso/shared", "contoso/widgets", "evil/shared"), fc.constantFrom("publish", "test"), name)
  .map(([repository, file, branch]) => `${repository}/.github/workflows/${file}.yml@refs/heads/${branch}`);

/** Most repositories are in no enterprise, or in one that has GitHub's own issuer. */
const enterprise = fc.option(
  fc.record({
    slug: fc.constantFrom("contoso", "octo-inc"),
    id: fc.constantFrom("6", "26"),
    includesSlugInIssuer: fc.boolean(),
  }),
);

const repository = fc.record({
  owner: fc.constantFrom("contoso", "ref"),
  ownerId: fc.constantFrom("1", "21"),
  name: fc.constantFrom("widgets", "widgets2"),
  id: fc.constantFrom("2", "22"),
  visibility: fc.constantFrom("private", "public"),
  enterprise,
});

const sharedIssuer = "https://token.actions.githubusercontent.com";

/** What a file can say of the issuer: the one of the repository's jobs, or another one. */
const fileIssuer = fc.oneof(
  { weight: 4, arbitrary: fc.constant("right" as const) },
  { weight: 1, arbitrary: fc.constantFrom("", "/contoso", "/octo-inc", "/Contoso").map((path) => sharedIssuer + path) },
);

/** Who signs for a repository, from the words of the documentation. */
function signerOf({ enterprise: its }: Place): string {
  return its?.includesSlugInIssuer ? `${sharedIssuer}/${its.slug}` : sharedIssuer;
}

/** GitHub's default first: most repositories have it. */
const template = fc.oneof(
  fc.constant(["repo", "context"]),
  fc.shuffledSubarray(["repo", "context", "job_workflow_ref", "ref", "environment", "actor", "workflow"], {
    minLength: 1,
  }),
  fc.shuffledSubarray([...templateKeys], { minLength: 1, maxLength: 5 }),
);

interface Run {
  readonly event: string;
  readonly ref: string;
  readonly environment: string | null;
  /** The reusable workflow that the job is of; undefined for one of the repository's own. */
  readonly jobRef: string | undefined;
  readonly actor: string;
  readonly workflow: string;
}

/** A job that is alike to what the lists trust, or to what could be taken for it. */
const job: fc.Arbitrary<Run> = fc
  .record({
    event: fc.constantFrom("push", "push", "workflow_dispatch", "merge_group", "pull_request", "pull_request_target"),
    ref: fc.oneof(
      name.map((branch) => `refs/heads/${branch}`),
      name.map((tag) => `refs/tags/${tag}`),
      name.map((branch) => `refs/heads/gh-readonly-queue/${branch}/pr-7-1a2b3c`),
    ),
    environment: fc.option(environment, { nil: null, freq: 2 }),
    jobRef: fc.option(workflowRef, { nil: undefined }),
    actor: fc.constantFrom("ada", "ref", "environment"),
    workflow: fc.oneof(word, odd),
  })
  .map((run) => (run.event === "pull_request" ? { ...run, ref: "refs/pull/7/merge" } : run));

const pattern = fc.constantFrom("v*", "v?", "release/*", "re*/x*", "x-*", "*-stable", "m*n", "v**", "*e*");
const entry: fc.Arbitrary<TrustEntry> = fc.oneof(
  name.map((branch) => ({ branch })),
  name.map((tag) => ({ tag })),
  pattern.map((branch) => ({ branch })),
  pattern.map((tag) => ({ tag })),
  fc.constant({ pullRequest: true as const }),
  environment.map((chosen) => ({ environment: chosen })),
  name.map((mergeQueue) => ({ mergeQueue })),
  workflowRef.map((workflow) => ({ workflow })),
  fc.constant({ workflow: "contoso/shared/.github/workflows/publish.yml@refs/heads/re*" }),
);

/** What an entry means, from the words of the documentation and without looking at subjects. */
function means(trusted: TrustEntry, run: Run, jobWorkflowRef: string): boolean {
  if ("environment" in trusted) return run.environment === trusted.environment;
  if (run.environment !== null) return false;
  const isPullRequest = run.event.startsWith("pull_request");
  if ("pullRequest" in trusted) return isPullRequest;
  if (isPullRequest) return false;
  if ("branch" in trusted) return fits(`refs/heads/${trusted.branch}`, run.ref);
  if ("tag" in trusted) return fits(`refs/tags/${trusted.tag}`, run.ref);
  if ("mergeQueue" in trusted) return fits(`refs/heads/gh-readonly-queue/${trusted.mergeQueue}/pr-*`, run.ref);
  return fits(trusted.workflow, jobWorkflowRef);
}

/** The job, changed into one that the entry means: of jobs made up at random hardly any is. */
function aimedAt(trusted: TrustEntry, run: Run): Run {
  if ("environment" in trusted) return { ...run, environment: trusted.environment };
  if ("pullRequest" in trusted) return { ...run, event: "pull_request", ref: "refs/pull/7/merge", environment: null };
  const push = { ...run, event: "push", environment: null };
  const filled = (text: string) => text.replaceAll("*", "a/b").replaceAll("?", "1");
  if ("branch" in trusted) return { ...push, ref: `refs/heads/${filled(trusted.branch)}` };
  if ("tag" in trusted) return { ...push, ref: `refs/tags/${filled(trusted.tag)}` };
  if ("mergeQueue" in trusted) return { ...push, ref: `refs/heads/gh-readonly-queue/${trusted.mergeQueue}/pr-7-1a2b` };
  return { ...push, ref: "refs/heads/main", jobRef: filled(trusted.workflow) };
}

/** `*` is any run of characters, slashes too, and `?` one. */
function fits(glob: string, text: string): boolean {
  const source = glob.replace(/[^A-Za-z0-9]/g, (character) => `\\${character}`);
  return new RegExp(`^${source.replaceAll("\\*", ".*").replaceAll("\\?", ".")}$`, "s").test(text);
}

interface Place {
  readonly owner: string;
  readonly ownerId: string;
  readonly name: string;
  readonly id: string;
  readonly visibility: string;
  readonly enterprise: { readonly slug: string; readonly id: string; readonly includesSlugInIssuer: boolean } | null;
}

/** The token that GitHub mints, and what it says of the workflow; without a subject where the template cannot be filled. */
function mint(place: Place, form: "names" | "immutable", keys: readonly string[], run: Run) {
  const ownWorkflow = `${place.owner}/${place.name}/.github/workflows/ci.yml@${run.ref}`;
  const jobRef = run.jobRef ?? ownWorkflow;
  const claims = jobClaims({
    job: {
      id: "j",
      planId: "p",
      repositoryId: place.id,
      actorId: "5",
      event: run.event,
      ref: run.ref,
      sha: "0a",
      headRef: "",
      baseRef: "",
      environment: run.environment,
      environmentNodeId: run.environment === null ? null : "EN_1",
      workflow: { name: run.workflow, ref: ownWorkflow, sha: "0a", jobRef, jobSha: "0b" },
      runId: "8",
      runNumber: 1,
      runAttempt: 1,
      checkRunId: "9",
      runner: "github-hosted",
      requestTokenHash: null,
      endsAt: "",
    },
    repository: place,
    actor: { login: run.actor, id: "5" },
    isRefProtected: false,
    enterprise: place.enterprise,
  });
  const sub = subjectOrNothing(() => buildSubject(keys, subjectPrefix(place, form), subjectContext(run), claims));
  const iss = issuerOf(place.enterprise ?? undefined);
  return { jobRef, claims: sub === undefined ? undefined : { ...claims, iss, sub, aud: [federationAudience] } };
}

function subjectOrNothing(build: () => string): string | undefined {
  try {
    return build();
  } catch (error) {
    if (error instanceof MissingClaimError) return undefined;
    throw error;
  }
}

function credential(
  { by, value, form }: FederatedTrust,
  trusted: TrustEntry,
  issuer = sharedIssuer,
): FederatedCredential {
  return {
    id: value,
    applicationId: "an application",
    name: credentialName(trusted, { by, form }),
    issuer,
    audiences: [federationAudience],
    description: "",
    subject: by === "subject" ? value : null,
    claimsMatchingExpression: by === "expression" ? { value, languageVersion: 1 } : null,
  };
}

/** How feedpass knows the repository: from GitHub's answers. */
function known(place: Place, form: "names" | "immutable", keys: readonly string[]): RepositorySubjects {
  return subjectsOf(subjectPrefix(place, form), {
    template: keys,
    claims: {
      repository: `${place.owner}/${place.name}`,
      repository_id: place.id,
      repository_owner: place.owner,
      repository_owner_id: place.ownerId,
      repository_visibility: place.visibility,
    },
  });
}

const form = fc.constantFrom("names" as const, "immutable" as const);
/** What decides besides the repository: its subjects, what is trusted, and what runs. */
const scene = fc
  .record({
    ofPlace: form,
    keys: template,
    trusted: entry,
    run: job,
    isAimed: fc.boolean(),
    both: fc.boolean(),
    written: fileIssuer,
  })
  .map((made) => (made.isAimed ? { ...made, run: aimedAt(made.trusted, made.run) } : made));
const counts = { accepted: 0, refused: 0, wide: 0, ownIssuer: 0, wrongIssuer: 0 };

test("a token is accepted if and only if the trust list means its job, and the file names its issuer", () => {
  fc.assert(
    fc.property(repository, scene, (place, { ofPlace, keys, trusted, run, both, written }) => {
      const issuer = written === "right" ? signerOf(place) : written;
      const trusts = federate(known(place, ofPlace, keys), trusted, { bothForms: both, issuer });
      fc.pre(!("reason" in trusts));
      const credentials = trusts.map((one) => credential(one, trusted, issuer));
      const { claims, jobRef } = mint(place, ofPlace, keys, run);
      const meant = means(trusted, run, jobRef) && issuer === signerOf(place);
      const accepted = claims !== undefined && federationRefusal(credentials, claims) === undefined;

      if (!tellsApart(keys, trusted)) {
        counts.wide += 1;
        // What the user is told of: more may sign in, never less, and nobody with a token of another issuer.
        expect(accepted || !meant || claims === undefined).toBe(true);
        expect(accepted && issuer !== signerOf(place)).toBe(false);
        return;
      }
      counts[accepted ? "accepted" : "refused"] += 1;
      if (accepted && issuer !== sharedIssuer) counts.ownIssuer += 1;
      if (means(trusted, run, jobRef) && !meant) counts.wrongIssuer += 1;
      expect(accepted).toBe(claims !== undefined && meant);
    }),
    { numRuns, seed },
  );
  expect(Math.min(counts.accepted, counts.refused, counts.wide)).toBeGreaterThan(numRuns / 10);
  expect(Math.min(counts.ownIssuer, counts.wrongIssuer)).toBeGreaterThan(numRuns / 50);
});

test("whatever feedpass asks Graph for, Graph takes", () => {
  fc.assert(
    fc.property(repository, scene, (place, { ofPlace, keys, trusted, both, written }) => {
      const issuer = written === "right" ? signerOf(place) : written;
      const trusts = federate(known(place, ofPlace, keys), trusted, { bothForms: both, issuer });
      fc.pre(!("reason" in trusts));
      const credentials = trusts.map((one) => credential(one, trusted, issuer));

      const refusals = credentials.map((one, index) => credentialRefusal(one, credentials.slice(0, index)));

      expect(refusals).toEqual(credentials.map(() => undefined));
    }),
    { numRuns, seed },
  );
});

test("a token of another repository is accepted nowhere", () => {
  fc.assert(
    fc.property(repository, repository, form, template, entry, job, (place, other, ofPlace, keys, trusted, run) => {
      fc.pre(place.id !== other.id && `${place.owner}/${place.name}` !== `${other.owner}/${other.name}`);
      // Even a file that names the other one's issuer.
      const issuer = signerOf(other);
      const trusts = federate(known(place, ofPlace, keys), trusted, { issuer });
      fc.pre(!("reason" in trusts));
      const { claims } = mint(other, ofPlace, keys, run);
      fc.pre(claims !== undefined);

      const refusal =
        claims &&
        federationRefusal(
          trusts.map((one) => credential(one, trusted, issuer)),
          claims,
        );

      expect(refusal?.code).toBeGreaterThan(0);
    }),
    { numRuns, seed },
  );
});

test("with both forms a job is accepted before and after its repository moves", () => {
  fc.assert(
    fc.property(repository, form, entry, job, (place, ofPlace, trusted, run) => {
      const keys = ["repo", "context"];
      const trusts = federate(known(place, ofPlace, keys), trusted, { bothForms: true, issuer: signerOf(place) });
      fc.pre(!("reason" in trusts));
      const credentials = trusts.map((one) => credential(one, trusted, signerOf(place)));

      const accepted = (["names", "immutable"] as const).map((now) => {
        const { claims } = mint(place, now, keys, run);
        return claims !== undefined && federationRefusal(credentials, claims) === undefined;
      });

      expect(credentials).toHaveLength(2);
      expect(accepted[0]).toBe(accepted[1]);
    }),
    { numRuns, seed },
  );
});

test("only what several refs are meant by, or the template leaves open, takes a flexible credential", () => {
  fc.assert(
    fc.property(repository, form, entry, (place, ofPlace, trusted) => {
      const trusts = federate(known(place, ofPlace, ["repo", "context"]), trusted);
      fc.pre(!("reason" in trusts));

      expect(trusts.map(({ by }) => by)).toEqual([meansSeveralRefs(trusted) ? "expression" : "subject"]);
    }),
    { numRuns: 1000, seed },
  );
});
