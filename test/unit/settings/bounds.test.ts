import { expect, test, vi } from "vitest";
import { bounds } from "../../../src/settings/bounds.ts";
import { checkSettings } from "../../../src/settings/read.ts";
import { relate } from "../../../src/settings/rules.ts";
import { nothingShared, stackSettings } from "../../../src/settings/stack-file.ts";
import { report, settingsOf, stackFile, withTrust } from "../../support/stack-check.ts";

// Proves that no file is so large or so made that reading it takes long: too much is one problem, before any rule.

const many = (count: number, entry: (index: number) => string) =>
  Array.from({ length: count }, (_none, index) => entry(index)).join(", ");
const environments = (count: number) => `feedpass:environments: { ${many(count, (index) => `e${index}: {}`)} }`;

test.each([
  [
    "a file of a megabyte",
    `${stackFile({})}\n#${"x".repeat(1_000_000)}`,
    /^file: got 1000\d{3} bytes, expected at most 65536$/,
  ],
  ["20,000 environments", stackFile({ more: environments(20_000) }), /^file: got \d+ bytes, expected at most 65536$/],
  ["environments", stackFile({ more: environments(501) }), "environments: got 501 entries, expected at most 500"],
  [
    "identities",
    stackFile({ identities: `feedpass:identities: { ${many(501, (index) => `i${index}: {}`)} }` }),
    "identities: got 501 entries, expected at most 500",
  ],
  [
    "entries of a trust list",
    withTrust(...Array.from({ length: 501 }, () => "branch: main")),
    "identities.reader.trust: got 501 entries, expected at most 500",
  ],
  [
    "feeds",
    stackFile({ more: `feedpass:feeds: { ${many(501, (index) => `f${index}: { name: a }`)} }` }),
    "feeds: got 501 entries, expected at most 500",
  ],
  [
    "reviewers",
    stackFile({ more: `feedpass:environments: { release: { reviewers: { users: [${many(501, () => "ada")}] } } }` }),
    "environments.release.reviewers.users: got 501 entries, expected at most 500",
  ],
  [
    "patterns",
    stackFile({ more: `feedpass:environments: { release: { deployFrom: { tags: [${many(501, () => "v")}] } } }` }),
    "environments.release.deployFrom.tags: got 501 entries, expected at most 500",
  ],
  [
    "a long name",
    withTrust(`branch: ${"a".repeat(1001)}`),
    "identities.reader.trust[0].branch: got 1001 characters, expected at most 1000",
  ],
  [
    "what an alias repeats",
    stackFile({
      more: `a: &a [${many(450, () => "1")}]\nfeedpass:environments: { ${many(30, (index) => `e${index}: *a`)} }`,
    }),
    "feedpass: got more than 10000 values, expected at most 10000",
  ],
  [
    "lists within lists",
    withTrust(`branch: ${"[".repeat(30)}${"]".repeat(30)}`),
    "file: got more than 20 tables and lists within each other, expected at most 20",
  ],
])("too much is one problem that says the limit: %s", (_what, text, said) => {
  const { problems } = stackSettings(text, nothingShared, undefined);
  const lines = problems.map((problem) =>
    `${problem.path}: ${problem.text}`.replace(/^config\["feedpass:(.*?)"\]/, "$1"),
  );

  expect(lines).toEqual([typeof said === "string" ? said : expect.stringMatching(said)]);
});

test("what the engine hands over has the same bounds, whatever size the file was", () => {
  const twenty = Object.fromEntries(Array.from({ length: 20_000 }, (_none, index) => [`e${index}`, {}]));
  let deep: unknown = [];
  for (let level = 0; level < 100_000; level++) deep = [deep];

  const wide = checkSettings({ environments: twenty }, undefined);
  const nested = checkSettings({ environments: deep }, undefined);

  expect(wide.problems).toEqual([{ path: "environments", text: "got 20000 entries, expected at most 500" }]);
  expect(nested.problems.map(({ text }) => text)).toEqual([
    "got more than 20 tables and lists within each other, expected at most 20",
  ]);
});

test("as many entries as are allowed are a sound file", () => {
  expect(report(stackFile({ more: environments(bounds.entries) }))).toBe("");
});

/** How often names are compared for one file with so many environments, all of them trusted. */
function comparisons(count: number): number {
  const names = Array.from({ length: count }, (_none, index) => `e${index}`);
  const { feeds: places, ...sound } = settingsOf(stackFile({ more: environments(count) }));
  const { reader } = sound.identities;
  if (reader === undefined) throw new Error("the file has a reader");
  const trust = names.map((environment) => ({ environment }));
  const spy = vi.spyOn(String.prototype, "toLowerCase");
  relate({ ...sound, places, identities: { reader: { ...reader, trust } } }, undefined);
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

test("twice the environments take twice the work, not four times", () => {
  expect(comparisons(400) / comparisons(200)).toBeLessThan(3);
});

test("a repeated entry is found, and told with the first", () => {
  const problems = report(withTrust("branch: a", "branch: b", "branch: a", "branch: a"));

  expect(problems.match(/as trust\[0\] does/g)).toHaveLength(2);
  expect(problems).not.toContain("trust[1]");
});

const long = 200_000;

// A pattern that backtracks over these takes minutes, and the test's time runs out.
test.each([
  ["repository", "a/".padEnd(long, ".git.")],
  ["repository", `${"a".repeat(long)}/`],
  ["subjectPrefix", `repo:${"a".repeat(long)}/${"b".repeat(long)}/`],
  ["subjectPrefix", `repo:a@${"1".repeat(long)}/b@${"1".repeat(long)}x`],
  ["issuer", `https://token.actions.${"a-".repeat(long)}.ghe.co`],
  ["tenantId", "1-".repeat(long)],
  ["organization", "a-".repeat(long)],
  ["feed", { name: `${"a.".repeat(long)}/` }],
  ["identities", { reader: { variablePrefix: `${"A_".repeat(long)}a` } }],
  ["identities", { reader: { trust: [{ branch: `${"*".repeat(long)}a*b` }] } }],
  ["identities", { reader: { trust: [{ tag: `${"/".repeat(long)}x` }] } }],
  ["identities", { reader: { trust: [{ workflow: `a/b/.github/workflows/${".yml".repeat(long)}` }] } }],
  ["identities", { reader: { trust: [{ workflow: `a/b/.github/workflows/a.yml@refs/heads/${"a".repeat(long)} ` }] } }],
  ["identities", { reader: { trust: [{ workflow: `a/b/.github/workflows/a.yml@refs/tags/${"*".repeat(long)}` }] } }],
  ["identities", { reader: { trust: [{ environment: " ".repeat(long) }] } }],
  ["identities", { reader: { trust: [{ environment: "\u0435a".repeat(long / 10) }] } }],
  ["identities", { reader: { trust: [{ environment: "\u{1f468}\u200d".repeat(long / 10) }] } }],
  ["environments", { release: { reviewers: { users: [`${"a-".repeat(long)}-`] } } }],
  ["environments", { release: { deployFrom: { branches: [`${"*".repeat(long)} `] } } }],
])("no pattern of the schema backtracks: %s, case %#", async (section, value) => {
  const { sections } = await import("../../../src/settings/schema.ts");

  expect(sections[section as keyof typeof sections].safeParse(value).success).toBe(false);
});
