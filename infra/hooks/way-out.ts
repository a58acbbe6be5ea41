/** A resource that the program wants to make, as the engine knows it. */
export interface Wanted {
  readonly stack: string;
  /** The type's token, e.g. `github:index/actionsVariable:ActionsVariable`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** URNs. Without a parent it is the stack itself. */
  readonly parent: string | undefined;
  readonly provider: string | undefined;
  /** The parent is made by the same run: the state does not have it yet. */
  readonly isParentNew: boolean;
}

/** What a resource is to be made with; in a preview, values can be missing that are known only later. */
export type Inputs = Readonly<Record<string, unknown>>;

/** What a service has already, in the place of a wanted resource. */
export interface AlreadyThere {
  /** A sentence without its full stop. */
  readonly what: string;
  /**
   * Takes it away, so that it can be made again; given where it can be nobody's but this stack's: an up has made it, and
   * the answer was lost.
   */
  readonly takeAway?: () => Promise<void>;
  /** By which the provider imports it. */
  readonly importId: string;
  /** Names of others of the program that are there as well, whether the stack has them or not. */
  readonly beside?: readonly string[];
  /** Another way out, and what it takes: `to delete it`, a command. */
  readonly otherwise: readonly [words: string, doing: string];
}

/** What is there, how the stack takes it over, and the other way out: whole commands, for a shell. */
export function wayOut({ what, importId, beside = [], otherwise }: AlreadyThere, wanted: Wanted): string {
  const { stack, isParentNew } = wanted;
  const up = ["npx", "pulumi", "up", "--stack", stack];
  // The engine imports under a parent and by a provider that the state has.
  const first = isParentNew ? [["to adopt it, first make what it belongs to", command([...up, "--skip-preview"])]] : [];
  const adoption = [isParentNew ? "and then adopt it" : "to adopt it", importCommand(importId, wanted)];
  // Of a parent that is new the stack has no children: these would be refused one by one.
  const others = isParentNew && beside.length > 0 ? [["so are", beside.join(", ")]] : [];
  const ways = [...others, ...first, adoption, otherwise, ["after either", command(up)]];
  return [what, ...ways.map(([words, doing]) => `  ${words}: ${doing}`)].join("\n");
}

/** https://www.pulumi.com/docs/iac/cli/commands/pulumi_import/ */
function importCommand(id: string, { stack, type, name, parent, provider }: Wanted): string {
  return command([
    ...["npx", "pulumi", "import", type, name, id, "--stack", stack],
    ...(parent === undefined ? [] : ["--parent", `parent=${parent}`]),
    ...(provider === undefined ? [] : ["--provider", `provider=${provider}`]),
    // The program has the code already, and says itself what is protected.
    ...["--protect=false", "--generate-code=false"],
  ]);
}

/** Words for a POSIX shell, or PowerShell: what is more than plain stands in single quotes. */
export function command(words: readonly string[]): string {
  return words.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
