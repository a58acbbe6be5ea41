import { type Change, compare } from "./compare.ts";
import type { Properties, ResourceDefinition } from "./definition.ts";
import { comparisonOf, type ResourceSchema, withoutDefaultsKey } from "./inputs.ts";
import { knownProperties } from "./values.ts";

/** What the engine asks a diff about. */
export interface DiffQuestion {
  /** The inputs that led to the state. */
  readonly oldInputs: Properties;
  /** The state: what is. */
  readonly outputs: Properties;
  /** What the program wants. */
  readonly inputs: Properties;
  /** Property paths whose changes do not count, e.g. `tags`, `web.redirectUris` or `list[*].name`. */
  readonly ignoreChanges: readonly string[];
}

/** A change, and what it means for the resource. */
export interface ResourceChange extends Change {
  readonly replaces: boolean;
  /** Whether the inputs, old or new, have the property: the engine then shows the inputs. */
  readonly isInput: boolean;
}

export type DiffSchema = ResourceSchema & Pick<ResourceDefinition, "replaceOn" | "alsoReplaceOn" | "detectDrift">;

/**
 * What must change for the state to become what the program wants. The state is what counts, not the last inputs: so
 * what was changed behind the program's back is mended. Where the state does not have a property, the last input does.
 */
export async function diffResource(schema: DiffSchema, question: DiffQuestion): Promise<readonly ResourceChange[]> {
  const old = withoutDefaultsKey(question.oldInputs);
  const wanted = withoutDefaultsKey(question.inputs);
  const comparison = comparisonOf(schema);
  const changes = schema.inputs.flatMap((name) =>
    compare(question.outputs[name] ?? old[name], wanted[name], name, comparison),
  );
  const changed = new Set(changes.map((change) => change.property));
  const drifted = (schema.detectDrift?.(question.outputs) ?? [])
    .filter((name) => !changed.has(name))
    .map((name): Change => ({ path: name, property: name, kind: "update" }));
  const counted = [...changes, ...drifted].filter((change) => !isIgnored(change.path, question.ignoreChanges));
  const replaceOn = new Set(schema.replaceOn);
  if (counted.length > 0 && schema.alsoReplaceOn) {
    for (const name of await schema.alsoReplaceOn(knownProperties(wanted), question.outputs)) replaceOn.add(name);
  }
  return counted.map((change) => ({
    ...change,
    replaces: replaceOn.has(change.property),
    isInput: change.property in old || change.property in wanted,
  }));
}

function isIgnored(path: string, patterns: readonly string[]): boolean {
  const place = segments(path);
  return patterns.some((pattern) => {
    const wanted = segments(pattern);
    return wanted.length <= place.length && wanted.every((name, index) => name === "*" || name === place[index]);
  });
}

/** `a.b[0]["c"]` as `a`, `b`, `0`, `c`. */
function segments(path: string): readonly string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted ?? index ?? name ?? "",
  );
}
