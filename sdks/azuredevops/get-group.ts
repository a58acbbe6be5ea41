import * as pulumi from "@pulumi/pulumi";
import { withVersion } from "./utilities.ts";

const token = "azuredevops:index/getGroup:getGroup";

/** A group that exists, by its name: one of the project's, or one of the organization's. */
export function getGroup(args: GetGroupArgs, opts?: pulumi.InvokeOptions): Promise<GetGroupResult> {
  const { name, projectId } = args;
  return pulumi.runtime.invoke(token, { name, projectId }, withVersion(opts));
}

/** As `getGroup`, of values that are not known yet. */
export function getGroupOutput(
  args: GetGroupOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetGroupResult> {
  const { name, projectId } = args;
  return pulumi.runtime.invokeOutput(token, { name, projectId }, withVersion(opts));
}

/** Which group. */
export interface GetGroupArgs {
  name: string;
  /** Default: a group of the organization. */
  projectId?: string;
}

/** Which group. */
export interface GetGroupOutputArgs {
  name: pulumi.Input<string>;
  projectId?: pulumi.Input<string | undefined>;
}

/** The group that was found. */
export interface GetGroupResult {
  /** The subject descriptor, `vssgp.…` */
  readonly descriptor: string;
  /** The group's id in the organization. */
  readonly groupId: string;
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  readonly originId: string;
  readonly projectId?: string;
}
