import { expect, test } from "vitest";
import { report, reportOf, stackFile, withReader } from "../../support/stack-check.ts";

function withIdentities(identities: string): string {
  return stackFile({ identities: `feedpass:identities: ${identities}` });
}

/** A reader of main, with more to it. */
function withMore(more: string): string {
  return withReader(`role: reader, trust: [{ branch: main }], ${more}`);
}

const some =
  "expected at least one identity by its name, as in { reader: { role: reader, trust: [{ branch: main }] } }";
const name = "expected a name of at most 32 lower-case letters, digits and hyphens, a letter first";
const days = "expected a day from 2026-12-01 to 2028-11-29";

test.each([
  ["no identities", stackFile({ identities: "" }), `identities: missing, ${some}`],
  ["an empty table of identities", withIdentities("{}"), `identities: got {}, ${some}`],
  ["a list of identities", withIdentities("[reader]"), `identities: got ["reader"], ${some}`],
  ["an identity's name alone", withIdentities("reader"), `identities: got "reader", ${some}`],
  [
    "an identity without content",
    withIdentities("{ reader: }"),
    "identities.reader: got null, expected an identity, as in { role: reader, trust: [{ branch: main }] }",
  ],
  [
    "a role for an identity",
    withIdentities("{ reader: contributor }"),
    'identities.reader: got "contributor", expected an identity, as in { role: reader, trust: [{ branch: main }] }',
  ],
  [
    "a name with capitals",
    withIdentities("{ Reader: { role: reader, trust: [{ branch: main }] } }"),
    `identities.Reader: got "Reader", ${name}`,
  ],
  [
    "a name with a slash",
    withIdentities("{ team/reader: { role: reader, trust: [{ branch: main }] } }"),
    `identities["team/reader"]: got "team/reader", ${name}`,
  ],
  [
    "a name of 33 letters",
    withIdentities(`{ ${"r".repeat(33)}: { role: reader, trust: [{ branch: main }] } }`),
    `identities.${"r".repeat(33)}: got "${"r".repeat(33)}", ${name}`,
  ],
  [
    "no role",
    withReader("trust: [{ branch: main }]"),
    "identities.reader.role: missing, expected reader, collaborator or contributor",
  ],
  [
    "the role that owns a feed",
    withReader("role: owner, trust: [{ branch: main }]"),
    'identities.reader.role: got "owner", expected reader, collaborator or contributor; feedpass gives no role that administers a feed',
  ],
  [
    "the role that administers a feed",
    withReader("role: administrator, trust: [{ branch: main }]"),
    'identities.reader.role: got "administrator", expected reader, collaborator or contributor; feedpass gives no role that administers a feed',
  ],
  [
    "a role with a capital",
    withReader("role: Reader, trust: [{ branch: main }]"),
    'identities.reader.role: got "Reader", expected reader, collaborator or contributor',
  ],
  [
    "a list of roles",
    withReader("role: [reader, contributor], trust: [{ branch: main }]"),
    'identities.reader.role: got ["reader","contributor"], expected reader, collaborator or contributor',
  ],
  [
    "a role without a value",
    withReader("role: , trust: [{ branch: main }]"),
    "identities.reader.role: got null, expected reader, collaborator or contributor",
  ],
  [
    "unknown keys",
    withMore("roles: [reader], feed: python"),
    'identities.reader: unknown "feed" and "roles", expected role, pull, publish, feeds, licence, trust, signIn, secretExpires, variablePrefix or acceptedRisks',
  ],
  [
    "an unknown sign-in",
    withMore("signIn: password"),
    'identities.reader.signIn: got "password", expected oidc, secret or both',
  ],
  [
    "a secret without an end",
    withMore("signIn: secret"),
    `identities.reader.secretExpires: missing, ${days}; signIn secret makes a client secret, and none may last for ever`,
  ],
  [
    "a secret beside a token without an end",
    withMore("signIn: both"),
    `identities.reader.secretExpires: missing, ${days}; signIn both makes a client secret, and none may last for ever`,
  ],
  [
    "a secret for more than two years",
    withMore("signIn: both, secretExpires: 2028-11-30"),
    `identities.reader.secretExpires: got "2028-11-30", ${days}; no secret may last longer: set an earlier day`,
  ],
  [
    "the end of a secret that there is not",
    withMore("secretExpires: 2027-06-30"),
    'identities.reader.secretExpires: got "2027-06-30", but signIn oidc makes no secret; remove it, or set signIn to secret or both',
  ],
  [
    "the end of a secret in words",
    withMore("signIn: secret, secretExpires: in a year"),
    'identities.reader.secretExpires: got "in a year", expected a day like 2027-06-30',
  ],
  [
    "the end of a secret as a number",
    withMore("signIn: secret, secretExpires: 20270630"),
    "identities.reader.secretExpires: got 20270630, expected a day like 2027-06-30",
  ],
  [
    "the end of a secret with a time",
    withMore('signIn: secret, secretExpires: "2027-06-30T12:00:00Z"'),
    'identities.reader.secretExpires: got "2027-06-30T12:00:00Z", expected a day like 2027-06-30',
  ],
  [
    "the end of a secret on 30 February",
    withMore("signIn: secret, secretExpires: 2027-02-30"),
    'identities.reader.secretExpires: got "2027-02-30", expected a day that the calendar has',
  ],
  [
    "a prefix in small letters",
    withMore("variablePrefix: reader_"),
    'identities.reader.variablePrefix: got "reader_", expected capitals and digits with "_" at the end, like PUBLISHER_',
  ],
  [
    "a prefix without its end",
    withMore("variablePrefix: READER"),
    'identities.reader.variablePrefix: got "READER", expected capitals and digits with "_" at the end, like PUBLISHER_',
  ],
  [
    "GitHub's own prefix",
    withMore("variablePrefix: GITHUB_READER_"),
    'identities.reader.variablePrefix: got "GITHUB_READER_", expected a prefix that does not begin with GITHUB_; GitHub keeps those names for itself',
  ],
  [
    "a risk without its list",
    withMore("acceptedRisks: pullRequestWrites"),
    'identities.reader.acceptedRisks: got "pullRequestWrites", expected a list, as in [pullRequestWrites]',
  ],
  [
    "an unknown risk",
    withMore("acceptedRisks: [all]"),
    'identities.reader.acceptedRisks[0]: got "all", expected pullRequestWrites or dependencyConfusion',
  ],
  [
    "two identities that write at the repository",
    withIdentities(
      "{ publisher: { role: contributor, trust: [{ tag: v1 }] }, reader: { role: reader, trust: [{ branch: main }] } }",
    ),
    "identities.reader: writes AZURE_TENANT_ID at the repository, as publisher does; set variablePrefix: READER_ to name them apart, or trust an environment of its own",
  ],
  [
    "two identities that write at one environment",
    withIdentities(
      "{ a-b: { role: contributor, trust: [{ environment: release }] }, b-2: { role: reader, trust: [{ branch: main }, { environment: release }] } }",
    ),
    "identities.b-2: writes AZURE_TENANT_ID at the environment release, as a-b does; set variablePrefix: B_2_ to name them apart, or trust an environment of its own",
  ],
  [
    "two identities that share only the feed's variables",
    withIdentities(
      "{ a: { role: reader, trust: [{ branch: main }] }, b: { role: reader, trust: [{ tag: v1 }], signIn: secret, secretExpires: 2027-06-30 } }",
    ),
    "identities.b: writes AZURE_ARTIFACTS_INDEX_URL at the repository, as a does; set variablePrefix: B_ to name them apart, or trust an environment of its own",
  ],
])("%s is told with its place and its fix", (_, file, problem) => {
  expect(report(file)).toBe(reportOf(problem));
});

test.each(["publisher", "b-2", "github", "github-actions", "a--b", "r".repeat(32)])(
  "the prefix that is suggested for %s names the identities apart",
  (identity) => {
    const other = "a: { role: reader, trust: [{ branch: main }] }";
    const broken = withIdentities(`{ ${other}, ${identity}: { role: reader, trust: [{ tag: v1 }] } }`);
    const [, suggestion] = /set variablePrefix: (\S+) to/.exec(report(broken)) ?? [];

    const mended = withIdentities(
      `{ ${other}, ${identity}: { role: reader, trust: [{ tag: v1 }], variablePrefix: ${suggestion} } }`,
    );

    expect(report(mended)).toBe("");
  },
);
