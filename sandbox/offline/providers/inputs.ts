import { type Comparison, compare, isEmpty } from "./compare.ts";
import type { Properties, ResourceDefinition } from "./definition.ts";
import { isObject, knownProperties } from "./values.ts";

/** Where the names of the inputs are kept that the provider filled in, as bridged Terraform providers do. */
const defaultsKey = "__defaults";

/** The schema's side of a resource type. */
export type ResourceSchema = Pick<
  ResourceDefinition,
  "inputs" | "requiredInputs" | "defaults" | "secrets" | "computed" | "sets" | "check"
>;

/** What a check found. `property` is left out, as the official providers leave it out: the reason names it. */
export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: readonly string[];
}

/**
 * Checks a program's inputs and fills in the defaults.
 * @param resourceName the resource's logical name, for the messages
 */
export function checkResourceInputs(schema: ResourceSchema, given: Properties, resourceName: string): CheckResult {
  const wanted = withoutDefaultsKey(given);
  const unknownNames = Object.keys(wanted).filter((name) => !schema.inputs.includes(name));
  const missing = schema.requiredInputs.filter((name) => wanted[name] === undefined);
  const known = knownProperties(wanted);
  const problems = missing.length > 0 ? [] : (schema.check?.(known) ?? []);
  const filled = Object.entries(schema.defaults ?? {}).filter(([name]) => wanted[name] === undefined);
  return {
    inputs: { ...wanted, ...Object.fromEntries(filled), [defaultsKey]: filled.map(([name]) => name).sort() },
    failures: [
      ...unknownNames.map((name) => `Invalid or unknown key. Examine values at '${resourceName}.${name}'.`),
      ...missing.map((name) => `Missing required property '${name}'`),
      ...problems
        .filter(({ property }) => wanted[property] === undefined || property in known)
        .map(({ property, reason }) => `${reason}. Examine values at '${resourceName}.${property}'.`),
    ],
  };
}

/** The inputs as a definition gets them: without the bookkeeping of defaults. */
export function withoutDefaultsKey(inputs: Properties): Properties {
  const { [defaultsKey]: _, ...rest } = inputs;
  return rest;
}

/** How a resource type's values are compared. */
export function comparisonOf(schema: ResourceSchema): Comparison {
  return { sets: new Set(schema.sets), computed: new Set(schema.computed) };
}

/**
 * The inputs that would have led to the state: those that the program gave, with the values that the service holds now.
 * What the service holds beyond them stays out, so that a refresh shows changed properties and nothing else.
 */
export function refreshInputs(schema: ResourceSchema, old: Properties, state: Properties): Properties {
  const comparison = comparisonOf(schema);
  const inputs: Record<string, unknown> = {};
  const changed = new Set<unknown>();
  for (const [name, input] of Object.entries(withoutDefaultsKey(old))) {
    const live = state[name];
    const same = compare(live, input, name, comparison).length === 0;
    if (!same) changed.add(name);
    if (same) inputs[name] = input;
    else if (live !== undefined) inputs[name] = refreshValue(input, live);
  }
  const defaults = old[defaultsKey];
  return Array.isArray(defaults) ? { ...inputs, [defaultsKey]: defaults.filter((name) => !changed.has(name)) } : inputs;
}

/** The inputs of a resource that the program did not make: all that say something. */
export function importInputs(schema: ResourceSchema, state: Properties): Properties {
  const telling = schema.inputs.filter(
    (name) =>
      state[name] !== undefined && (schema.requiredInputs.includes(name) || isTelling(schema, name, state[name])),
  );
  return { ...Object.fromEntries(telling.map((name) => [name, state[name]])), [defaultsKey]: [] };
}

/** Whether the provider would not fill in the same: `false` says nothing, unless the default is `true`. */
function isTelling({ defaults = {} }: ResourceSchema, name: string, value: unknown): boolean {
  return name in defaults ? value !== defaults[name] : !isEmpty(value);
}

/** What is live of an input: of an object only the members that the program gave. */
function refreshValue(input: unknown, live: unknown): unknown {
  if (Array.isArray(input) && Array.isArray(live)) {
    return live.map((element, index) => refreshValue(input[index], element));
  }
  if (!isObject(input) || !isObject(live)) return live;
  const members = Object.keys(input).filter((name) => live[name] !== undefined);
  return Object.fromEntries(members.map((name) => [name, refreshValue(input[name], live[name])]));
}
