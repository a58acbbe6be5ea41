import * as pulumi from "@pulumi/pulumi";
import { withVersion } from "./utilities.ts";

const token = "azuredevops:index/getProject:getProject";

/** A project that exists, by its name or its id. */
export function getProject(args: GetProjectArgs = {}, opts?: pulumi.InvokeOptions): Promise<GetProjectResult> {
  const { name, projectId } = args;
  return pulumi.runtime.invoke(token, { name, projectId }, withVersion(opts));
}

/** As `getProject`, of values that are not known yet. */
export function getProjectOutput(
  args: GetProjectOutputArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetProjectResult> {
  const { name, projectId } = args;
  return pulumi.runtime.invokeOutput(token, { name, projectId }, withVersion(opts));
}

/** Which project: `name` or `projectId`. */
export interface GetProjectArgs {
  name?: string;
  projectId?: string;
}

/** Which project: `name` or `projectId`. */
export interface GetProjectOutputArgs {
  name?: pulumi.Input<string | undefined>;
  projectId?: pulumi.Input<string | undefined>;
}

/** The project that was found. */
export interface GetProjectResult {
  readonly description: string;
  /** `enabled` or `disabled` for each of boards, repositories, pipelines, testplans and artifacts. */
  readonly features: { [key: string]: string };
  readonly id: string;
  readonly name?: string;
  readonly processTemplateId: string;
  readonly projectId?: string;
  /** `Git` or `Tfvc` */
  readonly versionControl: string;
  /** `private` or `public` */
  readonly visibility: string;
  /** The process's name, e.g. `Agile`. */
  readonly workItemTemplate: string;
}
