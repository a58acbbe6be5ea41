import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { PropertyChange, ResourceChange, StackResult } from "./report.ts";

/** What the events of one run of the engine tell. */
export type Told = Pick<StackResult, "counts" | "changes" | "errors">;

/** The steps that are told, and as what. Those that only replace have a step `replace` beside them. */
const actions: Readonly<Record<string, ResourceChange["action"]>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  import: "import",
};

/** Collects the events of one run of the engine. */
export class EventCollector {
  readonly #changes = new Map<string, ResourceChange>();
  readonly #errors = new Set<string>();
  #counts: Readonly<Record<string, number>> = {};
  #outputs: unknown;

  /** What the stack's last up has left as its outputs; undefined before the engine has told. */
  get outputs(): unknown {
    return this.#outputs;
  }

  add(event: EngineEvent): void {
    const { resourcePreEvent, resOutputsEvent, diagnosticEvent, summaryEvent } = event;
    // A refresh knows only afterwards what it found; an update says beforehand what it does.
    if (resourcePreEvent) this.#step(resourcePreEvent.metadata);
    if (resOutputsEvent) this.#step(resOutputsEvent.metadata);
    if (diagnosticEvent?.severity === "error") this.#errors.add(plain(diagnosticEvent.message));
    if (summaryEvent) this.#counts = changesOf(summaryEvent.resourceChanges);
  }

  told(): Told {
    const errors = [...this.#errors];
    // The engine's own words after them say nothing more.
    const telling = errors.filter((text) => !/^(update|preview) (failed|cancel+ed)$/.test(text));
    return {
      counts: this.#counts,
      changes: [...this.#changes.values()],
      errors: telling.length > 0 ? telling : errors,
    };
  }

  #step(metadata: StepEventMetadata): void {
    if (metadata.type === "pulumi:pulumi:Stack") this.#outputs ??= metadata.old?.outputs;
    const action = actions[metadata.op];
    const state = metadata.new ?? metadata.old;
    // What only groups others, and how providers are set up, is nothing that lives at a service.
    if (action === undefined || state?.custom !== true || state.type.startsWith("pulumi:providers:")) return;
    this.#changes.set(`${action} ${metadata.urn}`, {
      action,
      type: state.type.split(":").at(-1) ?? state.type,
      name: metadata.urn.split("::").at(-1) ?? metadata.urn,
      properties: action === "update" || action === "replace" ? propertiesOf(metadata) : [],
    });
  }
}

/** What the engine counts, by what happens; what stays is none. */
function changesOf(counts: Readonly<Record<string, number>>): Record<string, number> {
  const kept = new Set(["same", "read", "refresh"]);
  return Object.fromEntries(Object.entries(counts).filter(([op, count]) => !kept.has(op) && count > 0));
}

function propertiesOf({ detailedDiff, diffs, old, new: next }: StepEventMetadata): PropertyChange[] {
  const detailed = Object.entries(detailedDiff ?? {});
  const paths: [string, boolean][] =
    detailed.length > 0
      ? detailed.map(([path, { inputDiff }]) => [path, inputDiff])
      : (diffs ?? []).map((path) => [path, true]);
  return paths.map(([path, isInput]) => {
    const before = shown(valueAt(isInput ? old?.inputs : old?.outputs, path));
    const after = shown(valueAt(isInput ? next?.inputs : next?.outputs, path));
    return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  });
}

/** A property by its path, as in `reviewers[0].teams` or `tags["a.b"]`. */
function valueAt(properties: unknown, path: string): unknown {
  const keys = [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)];
  return keys.reduce<unknown>((value, [, quoted, index, name]) => {
    const key = quoted?.replace(/\\(.)/g, "$1") ?? index ?? name ?? "";
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }, properties);
}

/** The engine marks secrets, and what is only known later, by keys and values of its own. */
const secretMark = "4dabf18193072939515e22adb298388d";
const unknownMark = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === unknownMark) return "known after the up";
  const text = JSON.stringify(value, (_key, inner: unknown) => {
    return typeof inner === "object" && inner !== null && secretMark in inner ? "[secret]" : inner;
  });
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** Without the marks of colours, `<{%reset%}>`, and without the engine's line end. */
function plain(message: string): string {
  return message.replace(/<\{%.*?%\}>/g, "").trim();
}
