import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "..", "stacks");

/** The names of all examples of stacks/, but for the one that the main job's tests are about. */
export const examples = readdirSync(folder)
  .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
  .filter((name) => name !== "contoso-widgets")
  .sort();

/** The day on which the client secrets of examples end in tests. */
export const inHalfAYear = new Date(Date.now() + 180 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/** The text of an example's file. The day that it has for a secret will have come while these tests still run. */
export function exampleText(name: string): string {
  const text = readFileSync(join(folder, `Pulumi.${name}.yaml`), "utf8");
  return text.replaceAll(/(secretExpires: )\d{4}-\d{2}-\d{2}/g, `$1${inHalfAYear}`);
}
