import { expect, test } from "vitest";
import { grantsOf, protectionWords, signInWords } from "../../../src/access/grants.ts";
import { stack, tenantId } from "./stacks.ts";

/** What each source of the first identity is called, and what stands before it. */
function sourceLines(lines: string): string[] {
  const [grant] = grantsOf("widgets", stack(lines));
  return (grant?.from ?? []).map((source) => [source.words, ...protectionWords(source)].join(" / "));
}

test("a stack gives what its identities may do, strongest first", () => {
  const settings = stack(
    "feedpass:identities: { reader: { role: reader, trust: [{ branch: main }] }, publisher: { role: contributor, trust: [{ tag: v1 }], variablePrefix: P_ } }",
  );

  const grants = grantsOf("contoso-widgets", settings);

  expect(grants).toEqual([
    {
      stack: "contoso-widgets",
      repository: "contoso/widgets",
      feed: "contoso/data/python",
      identity: "publisher",
      role: "contributor",
      may: "install and publish",
      from: [{ kind: "tag", value: "v1", words: "tag v1", before: [] }],
      signIn: "oidc",
      signer: { issuer: "https://token.actions.githubusercontent.com", tenantId, subjects: "current" },
      unusual: [],
      secretExpires: undefined,
    },
    {
      stack: "contoso-widgets",
      repository: "contoso/widgets",
      feed: "contoso/data/python",
      identity: "reader",
      role: "reader",
      may: "install",
      from: [{ kind: "branch", value: "main", words: "branch main", before: [] }],
      signIn: "oidc",
      signer: { issuer: "https://token.actions.githubusercontent.com", tenantId, subjects: "current" },
      unusual: [],
      secretExpires: undefined,
    },
  ]);
});

test("a collaborator may save from upstreams", () => {
  const [grant] = grantsOf(
    "widgets",
    stack("feedpass:identities: { ci: { role: collaborator, trust: [{ branch: main }] } }"),
  );

  expect(grant?.may).toBe("install and save from upstreams");
});

test("a feed that names no organization is in the one that the stacks share", () => {
  const settings = stack(
    "feedpass:identities: { ci: { role: reader, trust: [{ branch: main }] } }\nfeedpass:feed: { name: python }\nfeedpass:organization: fabrikam",
  );

  expect(grantsOf("widgets", settings).map(({ feed }) => feed)).toEqual(["fabrikam/python"]);
});

test.each([
  { signIn: "oidc", from: ["branch main", "environment release / protected elsewhere, if at all"] },
  {
    signIn: 'secret, secretExpires: "2027-06-30"',
    from: ["any job with the repository's secrets", "environment release / protected elsewhere, if at all"],
  },
  {
    signIn: 'both, secretExpires: "2027-06-30"',
    from: [
      "branch main",
      "any job with the repository's secrets",
      "environment release / protected elsewhere, if at all",
    ],
  },
])("a secret counts from where it is written, whatever the trust list says: $signIn", ({ signIn, from }) => {
  const trust = "trust: [{ branch: main }, { environment: release }]";

  expect(sourceLines(`feedpass:identities: { ci: { role: reader, ${trust}, signIn: ${signIn} } }`)).toEqual(from);
});

test.each([
  { protection: "{ reviewers: { teams: [a], users: [b] } }", says: "approval by team a or user b" },
  {
    protection: "{ reviewers: { teams: [a] }, preventSelfReview: true, adminsMayBypass: true }",
    says: "approval by team a / no approval of one's own deployments / administrators may bypass it",
  },
  {
    protection: "{ waitMinutes: 30, deployFrom: { branches: [main], tags: ['v*'] } }",
    says: "30 minutes of waiting / only from branch main or tag v*",
  },
  { protection: "{ deployFrom: { protectedBranches: true } }", says: "only from protected branches" },
])("an environment is shown with what stands before it: $says", ({ protection, says }) => {
  const identities = "feedpass:identities: { ci: { role: contributor, trust: [{ environment: release }] } }";

  expect(sourceLines(`${identities}\nfeedpass:environments: { release: ${protection} }`)).toEqual([
    `environment release / ${says}`,
  ]);
});

test.each([
  { protection: "{}", says: "without protection" },
  { protection: "{ waitMinutes: 1 }", says: "1 minute of waiting" },
  { protection: "{ deployFrom: { branches: ['refs/pull/*/merge'] } }", says: "only from branch refs/pull/*/merge" },
])("an environment that pull requests can enter is shown with theirs: $says", ({ protection, says }) => {
  const identities = "feedpass:identities: { ci: { role: reader, trust: [{ environment: release }] } }";

  expect(sourceLines(`${identities}\nfeedpass:environments: { release: ${protection} }`)).toEqual([
    `environment release / ${says}`,
    `pull requests through environment release / ${says}`,
  ]);
});

test.each([
  { signIn: "oidc", secretExpires: undefined, words: "GitHub's token" },
  { signIn: "secret", secretExpires: "2027-06-30", words: "client secret until 2027-06-30" },
  { signIn: "both", secretExpires: "2027-06-30", words: "GitHub's token or client secret until 2027-06-30" },
] as const)("the sign-in $signIn is called $words", ({ words, ...grant }) => {
  expect(signInWords({ ...grant, secretEnd: undefined })).toBe(words);
});

test.each([
  ["secret", "2026-12-31", ["any job with the repository's secrets"], "client secret until 2026-12-31"],
  ["secret", "2026-12-30", ["any job with the repository's secrets"], "client secret until 2026-12-30, 30 days left"],
  ["secret", "2026-12-01", ["any job with the repository's secrets"], "client secret until 2026-12-01, 1 day left"],
  ["secret", "2026-11-30", [], "the client secret ended on 2026-11-30"],
  [
    "both",
    "2026-12-01",
    ["branch main", "any job with the repository's secrets"],
    "GitHub's token or client secret until 2026-12-01, 1 day left",
  ],
  ["both", "2026-11-30", ["branch main"], "GitHub's token; the client secret ended on 2026-11-30"],
])("on 2026-11-30 a %s until %s lets in %j", (signIn, day, from, words) => {
  const identity = `{ role: reader, trust: [{ branch: main }], signIn: ${signIn}, secretExpires: "${day}" }`;
  const settings = stack(`feedpass:identities: { ci: ${identity} }`);

  const [grant = expect.unreachable()] = grantsOf("widgets", settings, tenantId, "2026-11-30");

  expect(grant.from.map((source) => source.words)).toEqual(from);
  expect(signInWords(grant)).toBe(words);
});

test("each feed of an identity is a grant, and pulling is told as what it may come to", () => {
  const settings = stack(
    "feedpass:feeds: { stable: { name: wheels, view: Release } }\nfeedpass:identities: { reader: { pull: true, feeds: { stable: pull }, trust: [{ branch: main }] } }",
  );

  expect(grantsOf("widgets", settings).map(({ feed, role, may }) => [feed, role, may])).toEqual([
    ["contoso/data/python", "collaborator", "install, and save from upstreams if there are any"],
    ["contoso/wheels@Release", "reader", "install"],
  ]);
});
