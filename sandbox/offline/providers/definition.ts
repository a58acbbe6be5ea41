/** A resource's or a function's properties as plain JSON: secrets unwrapped, absent ones left out. */
export type Properties = Readonly<Record<string, unknown>>;

/** A resource as it is after a create, a read or an update. */
export interface ResourceState {
  /** The provider's own id, in the form that the official provider gives it. */
  readonly id: string;
  /** All properties of the resource, inputs included, as the official provider returns them. */
  readonly outputs: Properties;
}

/** How one resource type of a provider lives: the requests are those of the official provider, in its order. */
export interface ResourceDefinition {
  /** e.g. `azuread:index/applicationPassword:ApplicationPassword` */
  readonly token: string;
  /** Every input that the published schema knows. Another one is refused, as the official provider refuses it. */
  readonly inputs: readonly string[];
  readonly requiredInputs: readonly string[];
  /** Inputs whose change replaces the resource. */
  readonly replaceOn: readonly string[];
  /**
   * Further inputs whose change replaces the resource, where that depends on their values or on the service. Asked when
   * inputs changed, with what is known of the new ones; `outputs` is the state. Default: none.
   */
  alsoReplaceOn?(inputs: Properties, outputs: Properties): Promise<readonly string[]>;
  /** Properties that are kept encrypted in the state. */
  readonly secrets: readonly string[];
  /** Inputs that the provider fills in where the program leaves them out. */
  readonly defaults?: Properties;
  /**
   * Inputs whose value the service makes where the program leaves them out, e.g. a display name. What the service holds
   * in any other input that the program leaves out is a change to undo. Default: none.
   */
  readonly computed?: readonly string[];
  /** Names of lists, at any depth, whose order means nothing. Default: none. */
  readonly sets?: readonly string[];
  /** The old one is deleted before the new one is made: their names would collide. Default: false. */
  readonly deleteBeforeReplace?: boolean;
  /** Problems of the inputs beyond unknown and missing ones. In a preview, inputs that are not known yet are left out. */
  check?(inputs: Properties): readonly { readonly property: string; readonly reason: string }[];
  /**
   * Changes that the inputs alone do not show, e.g. a secret that was changed behind the provider's back: the names of
   * the properties to mend. `outputs` is the state.
   */
  detectDrift?(outputs: Properties): readonly string[];
  create(inputs: Properties): Promise<ResourceState>;
  /** The resource as it is now; undefined when it is gone. `outputs` is the state; empty for an import. */
  read(id: string, outputs: Properties): Promise<ResourceState | undefined>;
  /** Not given where every input replaces. */
  update?(id: string, inputs: Properties, outputs: Properties): Promise<ResourceState>;
  delete(id: string, outputs: Properties): Promise<void>;
}

/** A provider after `configure`: signed in, bound to its owner, organization or tenant. */
export interface ConfiguredProvider {
  readonly resources: readonly ResourceDefinition[];
  /** By token, e.g. `azuredevops:index/getFeed:getFeed`. */
  readonly functions: Readonly<Record<string, (args: Properties) => Promise<Properties>>>;
}

/** What a stand-in is given to work with, instead of its process's environment and network. */
export interface ProviderHost {
  /** The environment variables that the official provider would read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `fetch` through the sandbox's proxy, trusting its authority only. */
  readonly fetch: typeof globalThis.fetch;
  /** Ends every wait, as the engine's `Cancel` does. Default: waits end by themselves. */
  readonly cancelled?: AbortSignal;
}

/** One offline provider. */
export interface ProviderDefinition {
  /** The package's name, e.g. `azuread`. */
  readonly name: string;
  /** The version of the official provider whose requests it makes, e.g. `6.9.1`. */
  readonly version: string;
  /** @param config the provider resource's inputs, e.g. `{ owner: "contoso" }`; numbers come as text, as the engine sends them */
  configure(config: Properties, host: ProviderHost): Promise<ConfiguredProvider>;
}

/** An error for the user of the program: its message is shown, without a stack. */
export class ProviderError extends Error {}

/**
 * The id of an import leads to nothing: it has another form, or what it names is not there. The official providers keep
 * the reason to their debug log, and the engine says no more than that the resource does not exist.
 */
export class ImportError extends ProviderError {}

/** The resource was made or changed, but a later step failed: its state is kept, and the next update mends it. */
export class IncompleteError extends ProviderError {
  readonly state: ResourceState;

  constructor(message: string, state: ResourceState) {
    super(message);
    this.state = state;
  }
}
