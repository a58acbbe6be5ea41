/** An action of somebody's, pinned: a commit cannot be moved, as a tag can. */
export interface PinnedAction {
  /** `owner/name`, with the folder of an action that is not at the top. */
  readonly action: string;
  /** The full SHA-1. */
  readonly commit: string;
  /** The release that the commit is, for people and for tools that update pins. Default: none is told. */
  readonly version?: string | undefined;
}

/** The actions of the printed workflow, each at its newest release of 2026-11. */
export const actions = {
  checkout: {
    action: "actions/checkout",
    commit: "3d3c42e5aac5ba805825da76410c181273ba90b1",
    version: "v7.0.1",
  },
  setupPython: {
    action: "actions/setup-python",
    commit: "5fda3b95a4ea91299a34e894583c3862153e4b97",
    version: "v7.0.0",
  },
  uploadArtifact: {
    action: "actions/upload-artifact",
    commit: "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a",
    version: "v7.0.1",
  },
  downloadArtifact: {
    action: "actions/download-artifact",
    commit: "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
    version: "v8.0.1",
  },
} as const satisfies Readonly<Record<string, PinnedAction>>;

/** Where this project has its own action. */
export const ownActionFolder = "actions/azure-artifacts";

/** This project's own action, as a repository has it at a commit. */
export function ownAction(repository: string, commit: string, version?: string): PinnedAction {
  return { action: `${repository}/${ownActionFolder}`, commit, version };
}
