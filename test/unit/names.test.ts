import fc from "fast-check";
import { expect, test } from "vitest";
import {
  applicationDisplayName,
  credentialName,
  deploymentPolicyName,
  environmentName,
  identityName,
  settingName,
  trustName,
} from "../../src/names.ts";
import type { TrustEntry } from "../../src/jobs/trust.ts";

/** Values that people, and whoever wants two names to be one, would write. */
const value = fc.oneof(
  fc.string({ minLength: 1, maxLength: 200 }),
  fc.string({ minLength: 1, maxLength: 200, unit: "grapheme" }),
  // Legal as it is, or nearly.
  fc.string({ minLength: 1, maxLength: 130, unit: fc.constantFrom(..."abAB01-_/.") }),
  // As if it had a hash.
  fc
    .tuple(
      fc.string({ unit: fc.constantFrom(..."ab-") }),
      fc.string({ minLength: 9, maxLength: 11, unit: fc.constantFrom(..."01af") }),
    )
    .map((parts) => parts.join("-")),
);

const entry: fc.Arbitrary<TrustEntry> = fc.oneof(
  value.map((branch) => ({ branch })),
  value.map((tag) => ({ tag })),
  value.map((environment) => ({ environment })),
  fc.constant({ pullRequest: true as const }),
  value.map((mergeQueue) => ({ mergeQueue })),
  value.map((workflow) => ({ workflow })),
  // A workflow is named without a colon.
  fc.record({ environment: value, workflow: value.map((text) => text.replaceAll(":", "")) }),
);

/** What else sets two credentials apart. */
const shape = fc.record({
  form: fc.constantFrom("names" as const, "ids" as const),
  by: fc.constantFrom("subject" as const, "expression" as const),
});

const legal = /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/;

test.each<[TrustEntry, string]>([
  [{ branch: "main" }, "branch-main"],
  [{ branch: "release_1-x" }, "branch-release_1-x"],
  [{ branch: "0123456789" }, "branch-0123456789"],
  [{ tag: "v1" }, "tag-v1"],
  [{ environment: "release" }, "environment-release"],
  [{ pullRequest: true }, "pull-request"],
  [{ branch: "feat/x" }, "branch-feat-x-79b4cc554b"],
  [{ branch: "feat-x" }, "branch-feat-x"],
  [{ tag: "v1.0" }, "tag-v1-0-fa8b919c90"],
  [{ branch: "Main" }, "branch-Main-eb814be3ca"],
  [{ environment: "my release" }, "environment-my-release-a4ae4d39ef"],
  [{ branch: "日本" }, "branch--cf2abf0c5b"],
  [{ branch: "feat-x-79b4cc554b" }, "branch-feat-x-79b4cc554b-5c76391952"],
  [{ branch: "a".repeat(113) }, `branch-${"a".repeat(113)}`],
  [{ branch: "a".repeat(114) }, `branch-${"a".repeat(102)}-6cb750b218`],
])("the credential of %j is named %s", (trusted, name) => {
  expect(credentialName(trusted)).toBe(name);
});

test("every credential has a name that Entra takes", () => {
  fc.assert(
    fc.property(entry, shape, (trusted, of) => {
      expect(credentialName(trusted, of)).toMatch(legal);
    }),
    { numRuns: 2000 },
  );
});

test("an entry has the same name each time", () => {
  fc.assert(
    fc.property(entry, (trusted) => {
      expect(credentialName({ ...trusted })).toBe(credentialName(trusted));
    }),
  );
});

test("two entries never share a name, even where case does not count", () => {
  fc.assert(
    fc.property(entry, entry, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(credentialName(one).toLowerCase()).not.toBe(credentialName(other).toLowerCase());
    }),
    { numRuns: 5000 },
  );
});

test("two credentials of one entry, or of two, never share a name", () => {
  fc.assert(
    fc.property(entry, shape, entry, shape, (one, ofOne, other, ofOther) => {
      fc.pre(JSON.stringify([one, ofOne]) !== JSON.stringify([other, ofOther]));
      expect(credentialName(one, ofOne).toLowerCase()).not.toBe(credentialName(other, ofOther).toLowerCase());
    }),
    { numRuns: 5000 },
  );
});

test("the endings of a name say what the credential is for", () => {
  expect(credentialName({ branch: "main" }, { form: "ids" })).toBe("branch-main-ids");
  expect(credentialName({ branch: "main" }, { by: "expression" })).toBe("branch-main-flexible");
  expect(credentialName({ pullRequest: true }, { form: "ids", by: "expression" })).toBe("pull-request-ids-flexible");
  expect(credentialName({ mergeQueue: "main" }, { by: "expression" })).toBe("merge-queue-main-flexible");
  expect(credentialName({ branch: "main-ids" })).toBe("branch-main-ids-0c2bb5d5b6");
  expect(credentialName({ branch: "a".repeat(113) }, { form: "ids", by: "expression" })).toHaveLength(120);
});

test.each<[string, TrustEntry, TrustEntry]>([
  ["a slash for a hyphen", { branch: "feat/x" }, { branch: "feat-x" }],
  ["case", { branch: "main" }, { branch: "Main" }],
  ["an accent's form", { branch: "caf\u00e9" }, { branch: "cafe\u0301" }],
  ["what is cut off", { branch: `${"a".repeat(200)}b` }, { branch: `${"a".repeat(200)}c` }],
  ["a hash", { branch: "feat/x" }, { branch: credentialName({ branch: "feat/x" }).replace("branch-", "") }],
  ["a hash alone", { branch: "%" }, { branch: credentialName({ branch: "%" }).replace("branch-", "") }],
  ["kind", { branch: "v1" }, { tag: "v1" }],
])("entries that differ by %s alone have different names", (_, one, other) => {
  expect(credentialName(one).toLowerCase()).not.toBe(credentialName(other).toLowerCase());
});

test("an application is named after its repository and identity", () => {
  expect(applicationDisplayName({ owner: "contoso", name: "widgets" }, "publisher")).toBe(
    "feedpass contoso/widgets publisher",
  );
});

test("the longest names that GitHub and the stack file allow stay within Entra's limit", () => {
  const name = applicationDisplayName({ owner: "o".repeat(39), name: "n".repeat(100) }, "i".repeat(32));

  expect(name).toHaveLength(182);
  expect(() => applicationDisplayName({ owner: "o", name: "n".repeat(260) }, "i")).toThrow(
    "application display name too long",
  );
});

test("logical names say what the user wrote", () => {
  const publisher = identityName("access", "publisher");
  const release = environmentName("access", "release");

  expect(publisher).toBe("access/publisher");
  expect(trustName(publisher, { branch: "feat/x" })).toBe("access/publisher/branch:feat/x");
  expect(trustName(publisher, { tag: "v1" })).toBe("access/publisher/tag:v1");
  expect(trustName(publisher, { environment: "my release" })).toBe("access/publisher/environment:my release");
  expect(trustName(publisher, { pullRequest: true })).toBe("access/publisher/pullRequest");
  expect(trustName(publisher, { mergeQueue: "main" })).toBe("access/publisher/mergeQueue:main");
  expect(trustName(publisher, { branch: "main" }, "ids")).toBe("access/publisher/ids/branch:main");
  expect(release).toBe("access/environment:release");
  expect(deploymentPolicyName(release, "tag", "v*")).toBe("access/environment:release/tag:v*");
  expect(settingName("access", "AZURE_CLIENT_ID", undefined)).toBe("access/AZURE_CLIENT_ID");
  expect(settingName("access", "AZURE_CLIENT_ID", "release")).toBe("access/environment:release/AZURE_CLIENT_ID");
});

const form = fc.constantFrom("names" as const, "ids" as const);
const identity = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const environment = fc.oneof(
  fc.constantFrom("a", "a/branch:b", "a/tag:b", "a/AZURE", "environment:a", "a/environment:a"),
  fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(..."ab:/ .") }),
);

test("the credentials of different identities or entries have different logical names", () => {
  fc.assert(
    fc.property(identity, entry, form, identity, entry, form, (one, trusted, ofOne, other, otherwise, ofOther) => {
      fc.pre(JSON.stringify([one, trusted, ofOne]) !== JSON.stringify([other, otherwise, ofOther]));
      expect(trustName(identityName("access", one), trusted, ofOne)).not.toBe(
        trustName(identityName("access", other), otherwise, ofOther),
      );
    }),
    { numRuns: 5000 },
  );
});

test("the policies of different environments, kinds or patterns have different logical names", () => {
  const kind = fc.constantFrom("branch" as const, "tag" as const);
  // What the stack file lets through as a pattern.
  const pattern = fc.stringMatching(/^[ab/.*]{1,6}$/);
  fc.assert(
    fc.property(fc.tuple(environment, kind, pattern), fc.tuple(environment, kind, pattern), (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      const [name, otherName] = [one, other].map(([at, what, which]) =>
        deploymentPolicyName(environmentName("access", at), what, which),
      );
      expect(name).not.toBe(otherName);
    }),
    { numRuns: 5000 },
  );
});

test("the variables of different places have different logical names", () => {
  const place = fc.option(environment, { nil: undefined });
  const name = fc.constantFrom("AZURE", "AZURE_B", "B");
  fc.assert(
    fc.property(fc.tuple(name, place), fc.tuple(name, place), (one, other) => {
      fc.pre(JSON.stringify([one[0], one[1] ?? 0]) !== JSON.stringify([other[0], other[1] ?? 0]));
      expect(settingName("access", ...one)).not.toBe(settingName("access", ...other));
    }),
    { numRuns: 2000 },
  );
});
