import { expect, test } from "vitest";
import { parse } from "yaml";
import { dependabotText } from "../../../src/workflow/dependabot.ts";
import { NothingToPrintError } from "../../../src/workflow/nothing-to-print.ts";
import { stack, stacks } from "./stacks.ts";

interface Configuration {
  readonly registries: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly updates: readonly Readonly<Record<string, unknown>>[];
}

const settings = stacks["environment-publishes"];
const clientId = "11111111-2222-4333-8444-555555555555";

test("the configuration is the golden one", async () => {
  await expect(dependabotText(settings)).toMatchFileSnapshot("golden/dependabot.yml");
});

test("the feed is asked in place of PyPI, signed in without a secret", () => {
  const { registries, updates } = parse(dependabotText(settings, clientId)) as Configuration;

  expect(registries).toEqual({
    feed: {
      type: "python-index",
      url: "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/simple/",
      "tenant-id": settings.tenantId,
      "client-id": clientId,
      "replaces-base": true,
    },
  });
  expect(updates.map((update) => update.registries)).toEqual([["feed"]]);
});

test("an id that is given needs no Dependabot secret, and none is told of", () => {
  const text = dependabotText(settings, clientId);

  expect(text).not.toContain("secrets.");
  expect(text).not.toContain("Dependabot secret");
});

test("of those that trust a branch, the identity with the least role is taken, by its own name for the id", () => {
  const text = dependabotText(
    stack(
      `publisher: { role: contributor, trust: [{ branch: main }] }
       saver: { role: collaborator, trust: [{ branch: main }], variablePrefix: SAVER_ }
       reader: { role: reader, trust: [{ pullRequest: true }], variablePrefix: READER_ }`,
    ),
  );

  expect(text).toContain("for contoso/widgets, as saver.");
  expect(text).toContain("client-id: ${" + "{ secrets.SAVER_AZURE_CLIENT_ID }}");
});

test.each([
  [
    "only with a secret",
    "reader: { role: reader, trust: [{ branch: main }], signIn: secret, secretExpires: '2027-06-30' }",
  ],
  ["only in an environment", "reader: { role: reader, trust: [{ environment: release }] }"],
])("a stack whose identities sign in %s is told what Dependabot needs", (_, identities) => {
  expect(() => dependabotText(stack(identities))).toThrow(
    new NothingToPrintError(
      "Dependabot signs in from the default branch and without a secret, and no identity trusts a branch for that; " +
        "give one with the role reader the entry { branch: main }, and signIn oidc or both",
    ),
  );
});
