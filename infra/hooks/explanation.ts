import { diagnose } from "../../src/diagnosis/catalogue.ts";

/**
 * What is known of a provider's error: why it happens, and what ends it.
 * @returns undefined for an error that nobody knows
 */
export function explanation(error: string, stack: string): string | undefined {
  const [known] = diagnose(error);
  if (known === undefined) return undefined;
  const { title, meaning, causes } = known;
  return [
    `what this means: ${title}`,
    `  ${meaning}`,
    ...causes.flatMap(({ because, fix }, index) => [
      `  ${index + 1}. ${because}`,
      `     ${fix.replaceAll("--stack STACK", `--stack ${stack}`)}`,
    ]),
  ].join("\n");
}
