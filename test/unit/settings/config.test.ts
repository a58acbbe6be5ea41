import { expect, test } from "vitest";
import { encryptedProblems, rawSettings, stackFilePath } from "../../../src/settings/config.ts";
import { renderProblems } from "../../../src/settings/problem.ts";

test("only the project's own keys are settings, without their namespace", () => {
  const config = {
    "feedpass:repository": "contoso/widgets",
    "azuread:tenantId": "other",
    "pulumi:tags": "{}",
    "feedpass-other:repository": "contoso/gadgets",
  };

  expect(rawSettings(config)).toEqual({ repository: "contoso/widgets" });
});

test("lists and objects are read from JSON; everything else stays text", () => {
  const config = {
    "feedpass:feed": '{"name":"python","create":true}',
    "feedpass:identities": "[1,null]",
    "feedpass:removable": "true",
    "feedpass:tenantId": "12",
    "feedpass:repository": "",
    "feedpass:organization": "[contoso",
    "feedpass:subjectPrefix": "{}, or not",
  };

  expect(rawSettings(config)).toEqual({
    feed: { name: "python", create: true },
    identities: [1, null],
    removable: "true",
    tenantId: "12",
    repository: "",
    organization: "[contoso",
    subjectPrefix: "{}, or not",
  });
});

test("an encrypted value is refused by its key, and other programs' secrets are none of ours", () => {
  const problems = encryptedProblems(["feedpass:repository", "feedpass:identities", "github:token"]);

  expect(
    renderProblems("stacks/Pulumi.x.yaml", problems),
  ).toBe(`2 problems in stacks/Pulumi.x.yaml, nothing was changed:
  stacks/Pulumi.x.yaml: repository: got an encrypted value, expected a plain one; set it again without --secret
  stacks/Pulumi.x.yaml: identities: got an encrypted value, expected a plain one; set it again without --secret`);
});

test.each([
  ["contoso-widgets", "stacks/Pulumi.contoso-widgets.yaml"],
  ["contoso/widgets/main", "stacks/Pulumi.contoso-widgets-main.yaml"],
])("the file of the stack %s is %s", (stack, path) => {
  expect(stackFilePath(stack)).toBe(path);
});
