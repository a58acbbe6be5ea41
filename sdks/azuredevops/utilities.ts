import * as pulumi from "@pulumi/pulumi";

/** The provider's version that every resource and every function asks the engine for. The same is in package.json. */
const providerVersion = "3.15.0";

/** The first of the environment variables that is set and not empty. */
export function getEnv(...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = process.env[name];
    if (value) return value;
  }
  return undefined;
}

/** The given options over the package's own: the provider's version. */
export function withVersion<Options extends pulumi.ResourceOptions | pulumi.InvokeOptions>(
  opts: Options | undefined,
): Options {
  return pulumi.mergeOptions({ version: providerVersion }, opts as pulumi.ResourceOptions) as Options;
}

/** Whether the object is a resource of that type, even one that another copy of the SDK made. */
export function hasType(obj: unknown, type: string): boolean {
  return typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === type;
}

/** Which properties a resource type has. */
export interface ResourceShape {
  /** What a program may give. */
  readonly inputs: readonly string[];
  /** Those of the inputs that it must give. */
  readonly required: readonly string[];
  /** What only the provider knows. */
  readonly outputs: readonly string[];
}

/**
 * The properties that a resource is registered with: its arguments for a new one, its known state for one that is
 * looked up (`opts.id`). What is not given is there as undefined, so that every output exists.
 * @throws Error where a new resource lacks a required argument
 */
export function resourceProperties(
  shape: ResourceShape,
  args: object | undefined,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const given: Readonly<Record<string, unknown>> = { ...args };
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, given[name]]));
  if (opts?.id) return pick([...shape.inputs, ...shape.outputs]);
  const missing = opts?.urn ? undefined : shape.required.find((name) => given[name] === undefined);
  if (missing !== undefined) throw new Error(`Missing required property '${missing}'`);
  return { ...pick(shape.inputs), ...Object.fromEntries(shape.outputs.map((name) => [name, undefined])) };
}
