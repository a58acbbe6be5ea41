import fc from "fast-check";
import { expect, test } from "vitest";
import type { FederatedCredential } from "../../sandbox/cloud/entra/directory.ts";
import { federationRefusal } from "../../sandbox/cloud/entra/federation.ts";
import { jobClaims } from "../../sandbox/cloud/github/oidc/claims.ts";
import { issuerOf } from "../../sandbox/cloud/github/oidc/issuer.ts";
import {
  buildSubject,
  MissingClaimError,
  subjectContext,
  subjectPrefix,
} from "../../sandbox/cloud/github/oidc/subject.ts";
import { credentialRefusal } from "../../sandbox/cloud/graph/federated-credential-rules.ts";
import { credentialName } from "../../src/names.ts";
import { federate, type FederatedTrust } from "../../src/jobs/credentials.ts";
import { type RepositorySubjects, subjectsOf } from "../../src/jobs/repository-subjects.ts";
import { tellsApart } from "../../src/jobs/subject.ts";
import { federationAudience, meansSeveralRefs, type TrustEntry, workflowOf } from "../../src/jobs/trust.ts";
import { everyCase, seed } from "../support/sample.ts";
import {
  entry,
  form,
  job,
  means,
  type Place,
  repository,
  type Run,
  scene,
  sharedIssuer,
  signerOf,
  template,
} from "../support/subject-scenes.ts";

// Proves that what feedpass asks of Entra accepts the tokens that GitHub mints for the jobs that the trust list means,
// and no others. GitHub, Graph and Entra are the sandbox's; feedpass does not know them.

const numRuns = everyCase ? 10_000 : 3_000;
console.info(`subjects: seed ${seed}, ${numRuns} cases for each property`);

/** The token that GitHub mints, and what it says of the workflow; without a subject where the template cannot be filled. */
function mint(place: Place, form: "names" | "immutable", keys: readonly string[], run: Run) {
  const ownWorkflow = `${place.owner}/${place.name}/.github/workflows/ci.yml@${run.ref}`;
  const jobRef = run.jobRef ?? ownWorkflow;
  const claims = jobClaims({
    job: {
      id: "j",
      planId: "p",
      site: "github.com",
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

      const isExpression = meansSeveralRefs(trusted) || workflowOf(trusted) !== undefined;
      expect(trusts.map(({ by }) => by)).toEqual([isExpression ? "expression" : "subject"]);
    }),
    { numRuns: 1000, seed },
  );
});
