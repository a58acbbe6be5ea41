import type { StateResource } from "./project.ts";

/** A stack's resources as a tree that can be read and compared: what is alike in every run stays, ids do not. */
export function resourceTree(resources: readonly StateResource[]): string {
  const masks = idMasks(resources);
  const lines = resources
    // What the engine keeps for itself: the stack, and its own provider, which tells the program of the state.
    .filter(({ type }) => type !== "pulumi:pulumi:Stack" && type !== "pulumi:providers:pulumi")
    .map((resource) => resourceLines(resource, masks))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return `${lines.map(({ text }) => text).join("\n")}\n`;
}

interface Lines {
  readonly key: string;
  readonly text: string;
}

function resourceLines(resource: StateResource, masks: ReadonlyMap<string, string>): Lines {
  const key = urnTail(resource.urn);
  const marks = resource.protect ? " protected" : "";
  const inputs = Object.entries(resource.inputs ?? {})
    .filter(([name]) => name !== "__defaults")
    .map(([name, value]) => `  ${name}: ${masked(value, masks)}`)
    .sort();
  const parent = resource.parent === undefined ? "" : `  in ${urnTail(resource.parent)}`;
  return { key, text: [`${key}${marks}`, parent, ...inputs].filter(Boolean).join("\n") };
}

/** `PipelineIdentity access/reader`: the type without its ancestors and its package, and the name. */
function urnTail(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  return `${type.split(":").at(-1)} ${name.join("::")}`;
}

/** What a run makes up, by what it is: ids and the properties that carry them. */
function idMasks(resources: readonly StateResource[]): Map<string, string> {
  const masks = new Map<string, string>();
  // The state lists resources in the order in which they were done, which differs from run to run.
  const ordered = resources.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  for (const { urn, id, outputs = {} } of ordered) {
    for (const [name, value] of Object.entries({ ...outputs, id }).sort()) {
      if (typeof value === "string" && /[0-9a-f]{8}-|^vssgp\.|^aadsp\./.test(value) && !masks.has(value)) {
        masks.set(value, `<${name} of ${urnTail(urn)}>`);
      }
    }
  }
  return masks;
}

const secretSignature = "4dabf18193072939515e22adb298388d";

function masked(value: unknown, masks: ReadonlyMap<string, string>): string {
  const text = JSON.stringify(value, (_key, inner) => {
    if (typeof inner === "string") return masks.get(inner) ?? inner;
    if (typeof inner === "object" && inner !== null && secretSignature in inner) return "<secret>";
    return inner;
  });
  // What no resource of the stack made: the sandbox's own ids.
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/vssgp\.\w+/g, "<group>");
}
