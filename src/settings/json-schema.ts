import { z } from "zod";
import { sections } from "./schema.ts";

/**
 * The JSON schema of a whole stack file, for editors: the `feedpass:` keys are checked, what else Pulumi knows is let
 * through. What is set for all stacks in Pulumi.yaml need not be repeated, so only the file's own keys are required.
 */
export function stackFileSchema(): Record<string, unknown> {
  const properties = Object.fromEntries(
    Object.entries(sections).map(([key, section]) => {
      const { $schema, ...schema } = z.toJSONSchema(section, { io: "input", unrepresentable: "any" });
      return [`feedpass:${key}`, schema];
    }),
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "feedpass stack file",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties,
        patternProperties: { [`^feedpass:(?!(${Object.keys(sections).join("|")})$)`]: false },
        required: ["feedpass:repository", "feedpass:feed", "feedpass:identities"],
      },
    },
    required: ["config"],
  };
}
