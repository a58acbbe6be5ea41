import { describe, expect, test } from "vitest";
import {
  type Contexts,
  evaluate,
  ExpressionError,
  interpolate,
  isWanted,
} from "../../../sandbox/rehearsal/expressions.ts";

// Proves the part of GitHub's expressions that our workflows use, and that anything else is refused.

const contexts: Contexts = {
  github: { ref: "refs/heads/main", event_name: "push" },
  vars: { AZURE_CLIENT_ID: "id" },
  secrets: {},
  steps: { "sign-in": { outputs: { "index-url": "https://index" } } },
};
const value = (expression: string) => evaluate(expression, contexts, "success");

test.each([
  ["'it''s'", "it's"],
  ["12", 12],
  ["true", true],
  ["null", null],
  ["github.ref", "refs/heads/main"],
  ["vars.azure_client_id", "id"],
  ["steps.sign-in.outputs.index-url", "https://index"],
  ["secrets.AZURE_CREDENTIALS", null],
  ["steps.other.outputs.token", null],
  ["github.ref == 'REFS/heads/main'", true],
  ["github.ref != 'refs/heads/main'", false],
  ["secrets.NONE == ''", true],
  ["true == false", false],
  ["github.event_name == 'pull_request' || github.ref == 'refs/heads/main'", true],
  ["github.event_name == 'push' && startsWith(github.ref, 'refs/tags/')", false],
  ["vars.NONE || 'usual'", "usual"],
  ["vars.AZURE_CLIENT_ID && 'there'", "there"],
  ["!(github.event_name == 'push')", false],
  ["endsWith(github.ref, '/MAIN')", true],
  ["contains(github.ref, 'heads')", true],
  ["'a' == 'b' || 'c' == 'c' && 'd' == 'd'", true],
])("%s is %s", (expression, expected) => {
  expect(value(expression)).toBe(expected);
});

test.each([
  ["hashFiles('x')", "there is no function hashFiles with 1 parameters here"],
  ["matrix.python", "there is no context matrix here"],
  ["github", "github is a table, expected a value"],
  ["github.ref < 'x'", "nothing here knows < 'x'"],
  ["github.ref github.ref", "got github, expected the end"],
  ["(true", "ends too early"],
  ["== 'x'", "got ==, expected a value"],
])("%s is refused: %s", (expression, reason) => {
  expect(() => value(expression)).toThrow(ExpressionError);
  expect(() => value(expression)).toThrow(reason);
});

test("text gets the values of its expressions, and nothing for what is not there", () => {
  const text = interpolate(`a \${{ vars.AZURE_CLIENT_ID }} b \${{secrets.NONE}}c`, contexts, "success");

  expect(text).toBe("a id b c");
});

describe("a step", () => {
  test.each([
    [undefined, "success", true],
    [undefined, "failure", false],
    ["always()", "failure", true],
    [`\${{ always() }}`, "failure", true],
    ["failure()", "failure", true],
    ["failure()", "success", false],
    ["success() && github.event_name == 'push'", "success", true],
    ["github.event_name == 'push'", "failure", false],
    ["github.event_name == 'pull_request'", "success", false],
  ] as const)("with the condition %s after %s runs: %s", (condition, status, expected) => {
    expect(isWanted(condition, contexts, status)).toBe(expected);
  });
});
