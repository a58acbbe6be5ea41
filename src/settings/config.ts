import { pathText, type Problem } from "./problem.ts";

/** What the engine hands to a program: every value is text, lists and objects are JSON. Keys are `namespace:name`. */
export type EngineConfig = Readonly<Record<string, string>>;

const namespace = "feedpass:";

/** The `feedpass:` part of the engine's configuration, as the file has it. */
export function rawSettings(config: EngineConfig): Record<string, unknown> {
  const own = Object.entries(config).filter(([key]) => key.startsWith(namespace));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), plainValue(value)]));
}

/** A list or an object is JSON; text that only looks like it is text. */
export function plainValue(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Values that somebody encrypted: none of the settings is a secret, and a reviewer could not read them. */
export function encryptedProblems(secretKeys: readonly string[]): Problem[] {
  return secretKeys
    .filter((key) => key.startsWith(namespace))
    .map((key) => ({
      path: pathText([key.slice(namespace.length)]),
      text: "got an encrypted value, expected a plain one; set it again without --secret",
    }));
}

/**
 * Where the engine finds the settings of a stack, from the project's folder: a slash in a stack's name becomes a hyphen.
 * https://www.pulumi.com/docs/iac/concepts/projects/project-file/
 */
export function stackFilePath(stack: string): string {
  return `stacks/Pulumi.${stack.replaceAll("/", "-")}.yaml`;
}

/** The stack that a file is for, by its name; undefined for other files, and for names that the engine allows no stack. */
export function stackOf(fileName: string): string | undefined {
  return /^Pulumi\.([A-Za-z0-9_.-]{1,100})\.yaml$/.exec(fileName)?.[1];
}
