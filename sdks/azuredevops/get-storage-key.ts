import * as pulumi from "@pulumi/pulumi";
import { withVersion } from "./utilities.ts";

const token = "azuredevops:index/getStorageKey:getStorageKey";

/** The storage key of a subject: its id in the organization. */
export function getStorageKey(args: GetStorageKeyArgs, opts?: pulumi.InvokeOptions): Promise<GetStorageKeyResult> {
  const { descriptor } = args;
  return pulumi.runtime.invoke(token, { descriptor }, withVersion(opts));
}

/** As `getStorageKey`, of values that are not known yet. */
export function getStorageKeyOutput(
  args: GetStorageKeyOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetStorageKeyResult> {
  const { descriptor } = args;
  return pulumi.runtime.invokeOutput(token, { descriptor }, withVersion(opts));
}

/** Whose storage key. */
export interface GetStorageKeyArgs {
  /** A subject descriptor, e.g. `aadsp.…` */
  descriptor: string;
}

/** Whose storage key. */
export interface GetStorageKeyOutputArgs {
  descriptor: pulumi.Input<string>;
}

/** The storage key that was found. */
export interface GetStorageKeyResult {
  readonly descriptor: string;
  readonly id: string;
  /** A UUID. */
  readonly storageKey: string;
}
