import { expect, test } from "vitest";
import { parse } from "yaml";
import { ownAction } from "../../../src/workflow/actions.ts";
import { planJobs } from "../../../src/workflow/plan.ts";
import { workflowText } from "../../../src/workflow/workflow.ts";
import { stack } from "./stacks.ts";

// Proves what starts the jobs of a printed workflow: its events and filters, and the condition of each job.

interface Printed {
  readonly on: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly if: string; readonly environment?: string; readonly needs?: string }>
  >;
}

const reviewers = "reviewers: { teams: [release-managers] }";

function printed(identities: string, environments = "") {
  const settings = stack(identities, environments);
  const { on, jobs } = parse(workflowText(settings, ownAction("contoso/feedpass", "5".repeat(40)))) as Printed;
  return {
    on,
    jobs: Object.fromEntries(
      Object.entries(jobs).map(([id, { if: condition, environment, needs }]) => [
        id,
        [condition, ...(environment === undefined ? [] : [`in ${environment}`]), ...(needs ? [`after ${needs}`] : [])],
      ]),
    ),
    leftOut: planJobs(settings).leftOut.map(({ words }) => words),
  };
}

test("a version is published from the environment with the narrower pattern, and from the wider one otherwise", () => {
  const answer = printed(
    `stable: { role: contributor, trust: [{ environment: "pypi/stable" }] }
     preview: { role: contributor, trust: [{ environment: "Release Candidate 🚀" }] }`,
    `"pypi/stable": { ${reviewers}, deployFrom: { tags: ["v*"] } }
     "Release Candidate 🚀": { ${reviewers}, deployFrom: { tags: ["v*-rc*"] } }`,
  );

  // An expression ignores case, an environment does not: v1-RC1 would start a job that GitHub refuses.
  expect(answer).toEqual({
    on: { push: { tags: ["v*", "![Vv]*-[Rr][Cc]*", "v*-rc*"] } },
    jobs: {
      "publish-stable-pypi-stable": [
        "startsWith(github.ref, 'refs/tags/v') && !contains(github.ref, '-rc')",
        "in pypi/stable",
      ],
      "publish-preview-Release-Candidate": [
        "startsWith(github.ref, 'refs/tags/v') && contains(github.ref, '-rc')",
        "in Release Candidate 🚀",
      ],
    },
    leftOut: [],
  });
});

test("what no condition tells apart is published from the narrower place alone, and the file says so", () => {
  const answer = printed(
    `exact: { role: contributor, trust: [{ environment: exact }] }
     any: { role: contributor, trust: [{ environment: any }] }`,
    `exact: { ${reviewers}, deployFrom: { tags: ["v[0-9].[0-9].[0-9]"] } }
     any: { ${reviewers}, deployFrom: { tags: ["v*"] } }`,
  );

  expect(answer).toEqual({
    on: { push: { tags: ["v[0-9].[0-9].[0-9]"] } },
    jobs: { publish: ["startsWith(github.ref, 'refs/tags/v')", "in exact"] },
    leftOut: [
      "any in the environment any, tag v*: no filter and no condition of a workflow tells these from what starts other jobs, or must start none",
    ],
  });
});

test("an identity that trusts a tag and an environment for it publishes once, from the environment", () => {
  const answer = printed(
    `publisher: { role: contributor, trust: [{ tag: "v*" }, { environment: release }] }`,
    `release: { ${reviewers}, deployFrom: { tags: ["v*"] } }`,
  );

  // The job that builds leaves out v1/x, which the tag's pattern takes and the environment's does not.
  expect(answer).toEqual({
    on: { push: { tags: ["v*"] } },
    jobs: {
      build: ["startsWith(github.ref, 'refs/tags/v')"],
      publish: ["startsWith(github.ref, 'refs/tags/v')", "in release", "after build"],
    },
    leftOut: ["publisher, tag v*: others publish all of these, and a version is published once"],
  });
});

test("of two environments for the same tags the one with reviewers publishes", () => {
  const answer = printed(
    `open: { role: contributor, trust: [{ environment: open }] }
     safe: { role: contributor, trust: [{ environment: safe }] }`,
    `open: { deployFrom: { tags: ["v*"] } }
     safe: { ${reviewers}, deployFrom: { tags: ["v*"] } }`,
  );

  expect(answer.jobs).toEqual({ publish: ["startsWith(github.ref, 'refs/tags/v')", "in safe"] });
  expect(answer.leftOut).toEqual([
    "open in the environment open, tag v*: others publish all of these, and a version is published once",
  ]);
});

test.each<[what: string, identities: string, environments: string, on: unknown, jobs: unknown]>([
  [
    "pull requests that may deploy to an environment start its job, and are no branch",
    "pr: { role: reader, trust: [{ environment: ci }] }",
    'ci: { deployFrom: { branches: [main, "refs/pull/*/merge"] } }',
    { push: { branches: ["main"] }, pull_request: null },
    { build: ["github.event_name == 'pull_request' || github.ref == 'refs/heads/main'", "in ci"] },
  ],
  [
    "an environment that takes everything is checked with every branch",
    "reader: { role: reader, trust: [{ environment: ci }] }",
    "ci: {}",
    { push: { branches: ["**"] } },
    { build: ["startsWith(github.ref, 'refs/heads/')", "in ci"] },
  ],
  [
    "what differs in case alone from a trusted branch starts nothing where every branch starts something",
    "tester: { role: reader, trust: [{ environment: ci }] }\nreader: { role: reader, trust: [{ branch: main }] }",
    "ci: {}",
    { push: { branches: ["**", "![Mm][Aa][Ii][Nn]", "main"] } },
    {
      "build-reader": ["github.ref == 'refs/heads/main'"],
      "build-tester-ci": ["startsWith(github.ref, 'refs/heads/')", "in ci"],
    },
  ],
  [
    "an environment that the file does not keep is checked by hand",
    "reader: { role: reader, trust: [{ environment: ci }] }",
    "",
    { workflow_dispatch: null },
    { build: ["github.event_name == 'workflow_dispatch'", "in ci"] },
  ],
  [
    "an environment of protected branches is checked by hand, on a branch",
    "reader: { role: reader, trust: [{ environment: ci }] }",
    "ci: { deployFrom: { protectedBranches: true } }",
    { workflow_dispatch: null },
    { build: ["startsWith(github.ref, 'refs/heads/')", "in ci"] },
  ],
  [
    "a merge queue starts what trusts it, and a push what trusts the branch",
    "reader: { role: reader, trust: [{ branch: main }, { mergeQueue: main }] }",
    "",
    { push: { branches: ["main"] }, merge_group: { branches: ["main"] } },
    {
      build: ["github.event_name == 'push' && github.ref == 'refs/heads/main' || github.event_name == 'merge_group'"],
    },
  ],
  [
    "merge queues of several identities are told apart",
    "a: { role: reader, trust: [{ mergeQueue: main }] }\nb: { role: reader, trust: [{ mergeQueue: next }], variablePrefix: B_ }",
    "",
    { merge_group: { branches: ["main", "next"] } },
    {
      "build-a": ["startsWith(github.ref, 'refs/heads/gh-readonly-queue/main/pr-')"],
      "build-b": ["startsWith(github.ref, 'refs/heads/gh-readonly-queue/next/pr-')"],
    },
  ],
  [
    "what is published by hand is built on the same branch, and nothing that a tag starts is started by hand",
    "reader: { role: reader, trust: [{ branch: main }] }\n" +
      "by-hand: { role: contributor, trust: [{ environment: release }] }\n" +
      "by-tag: { role: contributor, trust: [{ tag: v1.0.0 }], variablePrefix: TAG_ }",
    `release: { ${reviewers}, deployFrom: { branches: [main] } }`,
    { push: { branches: ["main"], tags: ["v1.0.0"] }, workflow_dispatch: null },
    {
      "build-by-tag": ["github.event_name == 'push' && github.ref == 'refs/tags/v1.0.0'"],
      "build-reader": ["github.ref == 'refs/heads/main'"],
      "publish-by-hand-release": [
        "github.event_name == 'workflow_dispatch' && github.ref == 'refs/heads/main'",
        "in release",
        "after build-reader",
      ],
      "publish-by-tag": ["github.event_name == 'push' && github.ref == 'refs/tags/v1.0.0'", "after build-by-tag"],
    },
  ],
])("%s", (_, identities, environments, on, jobs) => {
  expect(printed(identities, environments)).toEqual({ on, jobs, leftOut: [] });
});

test.each<[what: string, identities: string, environments: string, leftOut: string[]]>([
  [
    "a pattern of branches, by hand: a condition does not see a further slash",
    `publisher: { role: contributor, trust: [{ environment: release }] }`,
    `release: { ${reviewers}, deployFrom: { branches: [main, "release/*"] } }`,
    [
      "publisher in the environment release, by hand on branch release/*: no condition of a workflow tells such branches from others; name each branch, or let tags deploy",
    ],
  ],
  [
    "an environment for pull requests, which nothing is published for",
    `publisher: { role: contributor, trust: [{ environment: ci }, { tag: v1 }] }`,
    `ci: { ${reviewers}, deployFrom: { branches: ["refs/pull/*/merge"] } }`,
    ["publisher in the environment ci: no branch or tag may deploy there, and nothing is published for a pull request"],
  ],
  [
    "pull requests of some numbers",
    `reader: { role: reader, trust: [{ environment: ci }] }`,
    `ci: { deployFrom: { branches: [main, "refs/pull/[1-9]/merge"] } }`,
    ["reader in the environment ci: it takes some pull requests by their number, and all of them start a workflow"],
  ],
])("left out is %s", (_, identities, environments, leftOut) => {
  expect(printed(identities, environments).leftOut).toEqual(leftOut);
});
