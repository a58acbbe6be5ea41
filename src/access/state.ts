import type { Settings } from "../settings/schema.ts";
import type { FileConfig, ProjectFile } from "../settings/stack-file.ts";

/** The settings of stacks, by name. One whose file could not be read has none. */
export type Stacks = ReadonlyMap<string, Settings | undefined>;

/** What the files of one state say: of a commit, or of the working tree. */
export interface AccessState {
  /** No two that can be read are for one repository. */
  readonly stacks: Stacks;
  /** What else the files of the stacks say. */
  readonly files: ReadonlyMap<string, Pick<FileConfig, "environments" | "environmentText" | "encryption">>;
  /** What Pulumi.yaml says for all of them. */
  readonly project: Pick<ProjectFile, "config" | "issuers">;
}
