import { describe, expect, test } from "vitest";
import { explainJob } from "../../../src/diagnosis/explain.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { nearestTo } from "../../../src/diagnosis/nearest.ts";
import { trustedSubjects } from "../../../src/diagnosis/trusted.ts";
import { checkSettings } from "../../../src/settings/read.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { subjectsOf } from "../../../src/jobs/repository-subjects.ts";
import { widgets } from "../../support/stacks.ts";

// Proves who is said to be accepted and why, and what is said to those who are not.

const file = "stacks/Pulumi.widgets.yaml";
const publishWorkflow = "contoso/workflows/.github/workflows/publish.yml@refs/heads/main";
const variables = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_ARTIFACTS_INDEX_URL", "AZURE_ARTIFACTS_UPLOAD_URL"];

function settingsOf(changes: Readonly<Record<string, unknown>> = {}): Settings {
  const raw = { ...widgets, tenantId: "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42", ...changes };
  const { settings, problems } = checkSettings(raw, undefined);
  if (settings === undefined) throw new Error(JSON.stringify(problems));
  return settings;
}

function explain(job: Job, changes?: Readonly<Record<string, unknown>>, prefix = "repo:contoso@1/widgets@2") {
  return explainJob("widgets", settingsOf(changes), subjectsOf(prefix), job);
}

/** The differences of a refused subject from what the file trusts, by identity. */
function differences(subject: string, changes?: Readonly<Record<string, unknown>>, prefix = "repo:contoso/widgets") {
  const settings = settingsOf(changes);
  const trusted = trustedSubjects(settings, subjectsOf(prefix));
  return nearestTo(subject, undefined, trusted, settings, "widgets");
}

describe("accepted", () => {
  test("a branch by the identity that trusts it, with its variables at the repository", () => {
    const { subject, accepted, nearest } = explain({ event: "push", ref: "refs/heads/main" });

    expect(subject).toBe("repo:contoso@1/widgets@2:ref:refs/heads/main");
    expect(accepted).toEqual([
      {
        identity: "reader",
        trusts: "branch main",
        by: "subject",
        value: "repo:contoso@1/widgets@2:ref:refs/heads/main",
        feeds: [{ feed: "contoso/data/python", role: "reader", may: "install" }],
        protection: [],
        variables: { identity: "reader", environment: undefined, names: variables },
      },
    ]);
    expect(nearest).toEqual([]);
  });

  test("an environment, with what stands before it and its variables there", () => {
    const { accepted } = explain({ event: "push", ref: "refs/tags/v1", environment: "release" });

    expect(accepted).toMatchObject([
      {
        identity: "publisher",
        feeds: [{ feed: "contoso/data/python", role: "contributor", may: "install and publish" }],
        protection: ["approval by team release-managers", "only from tag v*"],
        variables: { environment: "release", names: variables },
      },
    ]);
  });

  test("a pattern by its expression, and the reusable workflow only where it is named", () => {
    const identities = {
      tags: { role: "contributor", trust: [{ tag: "v*" }] },
      shared: { role: "contributor", trust: [{ workflow: publishWorkflow }], variablePrefix: "SHARED_" },
    };
    const push = { event: "push", ref: "refs/tags/v1/x" };

    const plain = explain(push, { identities, environments: {} });
    const called = explain({ ...push, workflow: publishWorkflow }, { identities, environments: {} });

    expect(plain.accepted.map(({ identity, by }) => [identity, by])).toEqual([["tags", "expression"]]);
    expect(called.accepted.map(({ identity }) => identity)).toEqual(["tags", "shared"]);
  });

  test("both forms of a subject while the repository moves", () => {
    const settings = settingsOf({ subjects: "both" });

    const trusted = trustedSubjects(settings, subjectsOf("repo:contoso@1/widgets@2"));

    const ofPullRequests = trusted.filter(({ value }) => value.endsWith(":pull_request"));
    expect(ofPullRequests.map(({ value }) => value)).toEqual([
      "repo:contoso/widgets:pull_request",
      "repo:contoso@1/widgets@2:pull_request",
    ]);
  });
});

describe("not accepted", () => {
  test("another branch: the nearest entry of each identity, and what to change", () => {
    const { accepted, nearest } = explain({ event: "push", ref: "refs/heads/dev" });

    expect(accepted).toEqual([]);
    expect(nearest).toEqual([
      {
        identity: "reader",
        trusts: "branch main",
        value: "repo:contoso@1/widgets@2:ref:refs/heads/main",
        differences: [
          {
            words: "the job is of branch dev, trusted is branch main",
            fix: `add "- branch: dev" to identities.reader.trust in ${file} and apply it, or run the job on branch main`,
          },
        ],
      },
      {
        identity: "publisher",
        trusts: "environment release",
        value: "repo:contoso@1/widgets@2:environment:release",
        differences: [
          {
            words: "the job is of branch dev, trusted is environment release",
            fix: 'run the job with "environment: release"',
          },
        ],
      },
    ]);
  });

  test("nobody is told to let pull requests publish", () => {
    const identities = { publisher: { role: "contributor", trust: [{ branch: "main" }] } };

    const { nearest } = explain({ event: "pull_request" }, { identities, environments: {} });

    expect(nearest[0]?.differences[0]?.fix).toBe(
      `give pull requests an identity of their own with the role reader in ${file}`,
    );
  });

  test("a workflow that the job was not said to be of", () => {
    const identities = { shared: { role: "contributor", trust: [{ workflow: publishWorkflow }] } };

    const { nearest } = explain({ event: "push", ref: "refs/heads/main" }, { identities, environments: {} });

    expect(nearest[0]?.differences).toEqual([
      {
        words: `the job is of no reusable workflow that was named, trusted is ${publishWorkflow}`,
        fix: "call that workflow from the job, and name it here with --workflow",
      },
    ]);
  });

  test("a fork has no token and no secrets; a job of the repository is told of the secret", () => {
    const identities = {
      legacy: { role: "reader", trust: [{ branch: "main" }], signIn: "secret", secretExpires: "2027-06-30" },
    };

    const fork = explain({ event: "pull_request", fromFork: true }, { identities, environments: {} });
    const push = explain({ event: "push", ref: "refs/heads/x" }, { identities, environments: {} });

    expect([fork.subject, fork.secrets]).toEqual([undefined, []]);
    expect(push.secrets).toEqual([{ identity: "legacy", environment: undefined, names: ["AZURE_CREDENTIALS"] }]);
    expect(push.nearest).toEqual([]);
  });
});

describe("what a refused subject differs in", () => {
  test.each<[string, string, string, Readonly<Record<string, unknown>>, string, string]>([
    [
      "the case of the environment",
      "repo:contoso/widgets:environment:Release",
      "publisher",
      {},
      "the job is of environment Release, trusted is environment release: upper and lower case count",
      `write identities.publisher.trust in ${file} as GitHub does, and apply the stack`,
    ],
    [
      "the case of the repository",
      "repo:Contoso/widgets:ref:refs/heads/main",
      "reader",
      {},
      "the job is of Contoso/widgets, trusted is contoso/widgets: upper and lower case count",
      `write feedpass:repository in ${file} as GitHub does`,
    ],
    [
      "the ids",
      "repo:contoso@1/widgets@2:ref:refs/heads/main",
      "reader",
      {},
      "the job's subject has the ids of owner and repository, trusted are names alone",
      `apply the stack again, or set feedpass:subjects: both in ${file} while the repository moves`,
    ],
    [
      "the ids, where the file pins names",
      "repo:contoso@1/widgets@2:ref:refs/heads/main",
      "reader",
      { subjectPrefix: "repo:contoso/widgets" },
      "the job's subject has the ids of owner and repository, trusted are names alone",
      `remove feedpass:subjectPrefix from ${file} so that GitHub is asked, or set feedpass:subjects: both, and apply the stack`,
    ],
    [
      "the repository",
      "repo:contoso/gadgets:ref:refs/heads/main",
      "reader",
      {},
      "the job is of contoso/gadgets, trusted is contoso/widgets",
      `use the AZURE_CLIENT_ID of the job's own repository; ${file} is for contoso/widgets`,
    ],
    [
      "an environment in place of a branch",
      "repo:contoso/widgets:environment:staging",
      "publisher",
      {},
      "the job is of environment staging, trusted is environment release",
      `add "- environment: staging" to identities.publisher.trust in ${file} and apply it, or run the job with "environment: release"`,
    ],
  ])("%s", (_title, subject, identity, changes, words, fix) => {
    const [first] = differences(subject, changes);

    expect(first?.identity).toBe(identity);
    expect(first?.differences).toEqual([{ words, fix }]);
  });

  test("other ids are another repository of the same name", () => {
    const [first] = differences("repo:contoso@1/widgets@9:pull_request", {}, "repo:contoso@1/widgets@2");

    expect(first?.differences).toEqual([
      {
        words: "the job's ids are 1 and 9, trusted are 1 and 2",
        fix: "the repository was deleted and made again, or handed over: find out why, then apply the stack",
      },
    ]);
  });

  test("nothing, where the file trusts it", () => {
    const [first] = differences("repo:contoso/widgets:pull_request");

    expect([first?.identity, first?.trusts, first?.differences]).toEqual(["reader", "pull requests", []]);
  });

  test("all of them, where there are several", () => {
    const [first] = differences("repo:contoso@1/widgets@2:environment:Release");

    expect(first?.identity).toBe("publisher");
    expect(first?.differences).toHaveLength(2);
  });
});
