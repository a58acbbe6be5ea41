import * as pulumi from "@pulumi/pulumi";
import { withVersion } from "./utilities.ts";

const token = "azuredevops:index/getDescriptor:getDescriptor";

/** The subject descriptor of what has that storage key: a project, a group, a user. */
export function getDescriptor(args: GetDescriptorArgs, opts?: pulumi.InvokeOptions): Promise<GetDescriptorResult> {
  const { storageKey } = args;
  return pulumi.runtime.invoke(token, { storageKey }, withVersion(opts));
}

/** As `getDescriptor`, of values that are not known yet. */
export function getDescriptorOutput(
  args: GetDescriptorOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetDescriptorResult> {
  const { storageKey } = args;
  return pulumi.runtime.invokeOutput(token, { storageKey }, withVersion(opts));
}

/** Whose descriptor. */
export interface GetDescriptorArgs {
  /** A UUID. */
  storageKey: string;
}

/** Whose descriptor. */
export interface GetDescriptorOutputArgs {
  storageKey: pulumi.Input<string>;
}

/** The descriptor that was found. */
export interface GetDescriptorResult {
  readonly descriptor: string;
  readonly id: string;
  readonly storageKey: string;
}
