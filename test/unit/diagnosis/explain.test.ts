import { describe, expect, test } from "vitest";
import { compareSubject } from "../../../src/diagnosis/comparison.ts";
import { explainJob } from "../../../src/diagnosis/explain.ts";
import { trustedSubjects } from "../../../src/diagnosis/trusted.ts";
import type { Environments } from "../../../src/jobs/environment.ts";
import type { Job } from "../../../src/jobs/job.ts";
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

const withIds = "repo:contoso@1/widgets@2";

function explain(job: Job, changes?: Readonly<Record<string, unknown>>, prefix = withIds, told?: Environments) {
  return explainJob("widgets", settingsOf(changes), subjectsOf(prefix), job, told);
}

/** The differences of a refused subject from what the file trusts, by identity. */
function differences(subject: string, changes?: Readonly<Record<string, unknown>>, prefix = "repo:contoso/widgets") {
  return compareSubject("widgets", settingsOf(changes), subjectsOf(prefix), subject).nearest;
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
        reads: { environment: undefined, names: variables },
      },
    ]);
    expect(nearest).toEqual([]);
  });

  test("an environment, with what stands before it and its variables there", () => {
    const { accepted, start } = explain({ event: "push", ref: "refs/tags/v1", environment: "release" });

    expect(start).toEqual({ verdict: "starts", before: ["approval by team release-managers", "only from tag v*"] });
    expect(accepted).toMatchObject([
      {
        identity: "publisher",
        feeds: [{ feed: "contoso/data/python", role: "contributor", may: "install and publish" }],
        reads: { environment: "release", names: variables },
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

    const { credentials } = trustedSubjects(settings, subjectsOf(withIds));

    const ofPullRequests = credentials.filter(({ value }) => value.endsWith(":pull_request"));
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
});

describe("what GitHub does with the job comes first", () => {
  const tagged = (tags: readonly string[]) => ({
    identities: { publisher: { role: "contributor", trust: [{ environment: "e" }] } },
    environments: { e: { deployFrom: { tags } } },
  });
  const deploy = (ref: string): Job => ({ event: "push", ref, environment: "e" });

  test("a tag that no rule of the environment lets in", () => {
    const { verdict, start, wayIn, subject, accepted, nearest } = explain(
      deploy("refs/tags/v0.71.0"),
      tagged(["v[0-9].[0-9].[0-9]"]),
    );

    expect({ verdict, start, wayIn, subject, accepted, nearest }).toEqual({
      verdict: "refused",
      start: {
        verdict: "refused",
        by: "deployFrom",
        reason: "the environment e takes deployments from tag v[0-9].[0-9].[0-9], and not from refs/tags/v0.71.0",
      },
      wayIn: `run the job from tag v[0-9].[0-9].[0-9], or add "v0.71.0" to environments.e.deployFrom.tags in ${file} and apply it`,
      subject: undefined,
      accepted: [],
      nearest: [],
    });
  });

  test("a tag that one of them lets in", () => {
    expect(explain(deploy("refs/tags/v0.7.0"), tagged(["v[0-9].[0-9].[0-9]"])).verdict).toBe("accepted");
  });

  test.each<[string, string, Readonly<Record<string, unknown>>, string]>([
    ["a branch where tags deploy", "refs/heads/dev", { tags: ["v*"] }, "run the job from tag v*"],
    [
      "a tag where protected branches do",
      "refs/tags/v1",
      { protectedBranches: true },
      "run the job from protected branches",
    ],
    [
      "a branch beside others",
      "refs/heads/dev",
      { branches: ["main"] },
      `run the job from branch main, or add "dev" to environments.e.deployFrom.branches in ${file} and apply it`,
    ],
  ])("%s", (_title, ref, deployFrom, advice) => {
    const { identities } = tagged([]);

    const { verdict, wayIn } = explain(deploy(ref), { identities, environments: { e: { deployFrom } } });

    expect([verdict, wayIn]).toEqual(["refused", advice]);
  });

  test.each([
    [
      "reader",
      ', or add "refs/pull/*/merge" to environments.e.deployFrom.branches in stacks/Pulumi.widgets.yaml and apply it',
    ],
    ["contributor", ""],
  ])("pull requests are let in by advice only where a %s is trusted", (role, more) => {
    const identities = { one: { role, trust: [{ environment: "e" }] } };
    const environments = { e: { deployFrom: { branches: ["main"] } } };

    const { verdict, wayIn } = explain({ event: "pull_request", environment: "e" }, { identities, environments });

    expect([verdict, wayIn]).toEqual(["refused", `run the job from branch main${more}`]);
  });

  test("an environment that the file does not keep: not known, and accepted all the same", () => {
    const { verdict, doubts, start } = explain(deploy("refs/heads/x"), { ...tagged([]), environments: {} });

    expect([verdict, start.verdict]).toEqual(["accepted", "unknown"]);
    expect(doubts).toEqual([
      "whether GitHub starts it: the environment e is not kept by the file, and GitHub was not asked how it is protected",
    ]);
  });

  test("the same where GitHub was asked: as GitHub says", () => {
    const told = { e: { deployFrom: { branches: ["main"] } } };

    const { verdict, wayIn, doubts } = explain(
      deploy("refs/heads/x"),
      { ...tagged([]), environments: {} },
      withIds,
      told,
    );

    expect([verdict, wayIn, doubts]).toEqual([
      "refused",
      "run the job from branch main, or have the environment let it in at GitHub",
      [],
    ]);
  });

  test("a file's own environment is as the file says, whatever GitHub has today", () => {
    const told = { e: { deployFrom: { branches: ["main"] } } };

    expect(explain(deploy("refs/tags/v1"), tagged(["v*"]), withIds, told).verdict).toBe("accepted");
  });

  test.each<[string, Job, Readonly<Record<string, unknown>>, string]>([
    [
      "a ref that was not said",
      { event: "push", environment: "e" },
      { tags: ["v*"] },
      "say where the job is with --ref",
    ],
    [
      "protected branches",
      deploy("refs/heads/main"),
      { protectedBranches: true },
      "the file does not say which those are",
    ],
  ])("not known for %s", (_title, job, deployFrom, reason) => {
    const { verdict, doubts } = explain(job, {
      identities: tagged([]).identities,
      environments: { e: { deployFrom } },
    });

    expect(verdict).toBe("accepted");
    expect(doubts).toEqual([expect.stringContaining(reason)]);
  });
});

describe("what cannot be told", () => {
  const releases = {
    identities: {
      reader: { role: "reader", trust: [{ branch: "main" }] },
      publisher: { role: "contributor", trust: [{ branch: "release/*" }], variablePrefix: "P_" },
    },
    environments: {},
  };
  const onRelease: Job = { event: "push", ref: "refs/heads/release/1" };
  const names = "repo:contoso/widgets";
  const needsId = {
    identity: "publisher",
    trusts: "branch release/*",
    reason:
      "it is a pattern, which takes the repository's id, and the prefix repo:contoso/widgets does not tell it; set feedpass:repositoryId, or give no prefix and GitHub is asked",
    isUnsaid: true,
  };

  test("a pattern that means the job, without the repository's id: nobody is said to refuse, and nothing is advised", () => {
    const { verdict, accepted, unmatched, nearest } = explain(onRelease, releases, names);

    expect({ verdict, accepted, unmatched, nearest }).toEqual({
      verdict: "unknown",
      accepted: [],
      unmatched: [needsId],
      nearest: [],
    });
  });

  test("a subject that was refused, likewise", () => {
    const { unmatched, nearest } = compareSubject(
      "widgets",
      settingsOf(releases),
      subjectsOf(names),
      `${names}:ref:refs/heads/release/1`,
    );

    expect([unmatched, nearest]).toEqual([[needsId], []]);
  });

  test("a pattern that means other jobs is nothing to this one", () => {
    const { verdict, unmatched } = explain({ event: "push", ref: "refs/heads/dev" }, releases, names);

    expect([verdict, unmatched]).toEqual(["refused", []]);
  });

  test("the id is enough", () => {
    const settings = settingsOf(releases);
    const subjects = subjectsOf(names, { claims: { repository_id: "2" } });

    expect(explainJob("widgets", settings, subjects, onRelease).accepted.map(({ identity }) => identity)).toEqual([
      "publisher",
    ]);
  });

  test("an entry of which no credential can be made is no reason to add another", () => {
    const issuer = "https://token.actions.githubusercontent.com/contoso";
    const shared = { shared: { role: "contributor", trust: [{ environment: "e" }] } };
    const settings = {
      ...settingsOf({ identities: shared, environments: { e: { deployFrom: { tags: ["v*"] } } } }),
      issuer,
    };
    const [identity] = Object.values(settings.identities);
    const identities = { shared: { ...identity, trust: [{ tag: "v*" }] } } as Settings["identities"];

    const { verdict, unmatched, nearest } = explainJob("widgets", { ...settings, identities }, subjectsOf(withIds), {
      event: "push",
      ref: "refs/tags/v1",
    });

    expect([verdict, nearest]).toEqual(["refused", []]);
    expect(unmatched).toMatchObject([{ identity: "shared", trusts: "tag v*", isUnsaid: false }]);
  });

  test("the subject of pull_request_target, which GitHub does not document", () => {
    const inEnvironment = explain({ event: "pull_request_target", environment: "release", ref: "refs/tags/v1" });
    const { verdict, doubts } = explain({ event: "pull_request_target", fromFork: true });

    expect(verdict).toBe("accepted");
    expect(doubts).toEqual([
      expect.stringContaining("what the subject is: GitHub documents it for pull_request alone"),
    ]);
    expect(inEnvironment.doubts).toEqual([]);
    expect(explain({ event: "pull_request" }).doubts).toEqual([]);
  });
});

describe("a client secret", () => {
  const secret = { role: "reader", trust: [{ branch: "main" }], secretExpires: "2027-06-30" };
  const withSecret = { identities: { legacy: { ...secret, signIn: "secret" } }, environments: {} };
  const bySecret = {
    identity: "legacy",
    by: "secret",
    trusts: undefined,
    value: undefined,
    feeds: [{ feed: "contoso/data/python", role: "reader", may: "install" }],
    reads: { environment: undefined, names: ["AZURE_CREDENTIALS"] },
  };

  test.each<[string, Job]>([
    ["another branch", { event: "push", ref: "refs/heads/x" }],
    ["a pull request", { event: "pull_request" }],
    ["a fork, by pull_request_target", { event: "pull_request_target", fromFork: true }],
    ["a job of which no ref was said", { event: "push" }],
    ["a job in whatever environment", { event: "push", environment: "any" }],
  ])("lets in %s", (_title, job) => {
    const { verdict, accepted, nearest } = explain(job, withSecret);

    expect([verdict, nearest]).toEqual(["accepted", []]);
    expect(accepted).toEqual([bySecret]);
  });

  test("not a fork, which has neither token nor secrets", () => {
    const { verdict, accepted, subject } = explain({ event: "pull_request", fromFork: true }, withSecret);

    expect([verdict, accepted, subject]).toEqual(["refused", [], undefined]);
  });

  test("beside tokens: both ways in are told, and what the token lacks", () => {
    const both = { identities: { legacy: { ...secret, signIn: "both" } }, environments: {} };

    const main = explain({ event: "push", ref: "refs/heads/main" }, both);
    const other = explain({ event: "push", ref: "refs/heads/dev" }, both);

    expect(main.accepted.map(({ by }) => by)).toEqual(["subject", "secret"]);
    expect([other.verdict, other.accepted.map(({ by }) => by)]).toEqual(["accepted", ["secret"]]);
    expect(other.nearest.map(({ identity }) => identity)).toEqual(["legacy"]);
  });

  test.each([
    ["secret", "2027-06-29", "accepted", ["secret"], []],
    ["secret", "2027-06-30", "refused", [], ["legacy"]],
    ["both", "2027-06-29", "accepted", ["subject", "secret"], []],
    ["both", "2027-06-30", "accepted", ["subject"], ["legacy"]],
  ])("that ends on 2027-06-30, with signIn %s on %s: %s", (signIn, today, verdict, by, over) => {
    const settings = settingsOf({ identities: { legacy: { ...secret, signIn } }, environments: {} });
    const main = { event: "push", ref: "refs/heads/main" };

    const explained = explainJob("widgets", settings, subjectsOf(withIds), main, {}, today);

    expect([explained.verdict, explained.accepted.map((one) => one.by)]).toEqual([verdict, by]);
    expect(explained.ended.map(({ identity }) => identity)).toEqual(over);
  });

  test("that has ended is told of to those jobs alone that are given it", () => {
    const identities = {
      legacy: { ...secret, signIn: "secret" },
      publisher: { ...secret, signIn: "secret", trust: [{ environment: "release" }], variablePrefix: "P_" },
    };
    const settings = settingsOf({ identities });
    const told = (job: Job) =>
      explainJob("widgets", settings, subjectsOf(withIds), job, {}, "2028-01-01").ended.map(({ identity }) => identity);

    expect(told({ event: "push", ref: "refs/heads/x" })).toEqual(["legacy"]);
    expect(told({ event: "push", ref: "refs/tags/v1", environment: "release" })).toEqual(["legacy", "publisher"]);
    expect(told({ event: "pull_request", fromFork: true })).toEqual([]);
  });

  test("of an environment is for its jobs alone, once GitHub starts them, and stands before the repository's", () => {
    const identities = {
      legacy: { ...secret, signIn: "secret" },
      publisher: { ...secret, signIn: "secret", trust: [{ environment: "release" }] },
    };
    const environments = { release: { deployFrom: { tags: ["v*"] } } };
    const seen = (job: Job) => {
      const { verdict, accepted } = explain(job, { identities, environments });
      return [verdict, accepted.map(({ identity }) => identity)];
    };

    expect(seen({ event: "push", ref: "refs/tags/v1" })).toEqual(["accepted", ["legacy"]]);
    expect(seen({ event: "push", ref: "refs/tags/v1", environment: "RELEASE" })).toEqual(["accepted", ["publisher"]]);
    expect(seen({ event: "push", ref: "refs/heads/x", environment: "release" })).toEqual(["refused", []]);
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
