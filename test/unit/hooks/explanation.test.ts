import { expect, test } from "vitest";
import { explanation } from "../../../infra/hooks/explanation.ts";

test("a known error comes with its causes, and with what ends each", () => {
  const error =
    "Creating service principal entitlement: Adding service principal entitlement: (5005) Failed to assign license";

  expect(explanation(error, "widgets")).toBe(
    [
      "what this means: (5005) Failed to assign license",
      "  The organization has no free licence of the kind that the identity asks for.",
      "  1. the identity asks for express, which is Basic, and all are taken",
      "     remove identities.NAME.licence: stakeholder, the default, is free and is enough for feeds",
      "  2. Basic is really wanted",
      "     buy one under Organization settings, Billing, or take one from somebody",
    ].join("\n"),
  );
});

test("commands are for the stack at hand", () => {
  expect(explanation("409: Directory_ConcurrencyViolation", "widgets")).toContain(
    "npx pulumi up --stack widgets once more",
  );
});

test("nothing is made up for an error that nobody knows", () => {
  expect(explanation("something else", "widgets")).toBe(undefined);
});
