import { parse, type ScalarTag } from "yaml";
import type { EngineConfig } from "../../src/settings/config.ts";

/**
 * The configuration that the engine hands to a program for a stack file's text: its `config` part, numbers and booleans
 * as text, lists and objects as JSON. What the engine's YAML does to values is kept: unquoted dates become Go's text for
 * a time, and keys come out sorted. Read in pulumi/pulumi v3.259.0, sdk/go/common/resource/config/object.go.
 */
export function engineConfig(stackFile: string): EngineConfig {
  const { config } = parse(stackFile, { customTags: [day] }) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, scalarText(value)]));
}

/** Go reads `2027-06-30` as a time and writes it back in its own way; a day that does not exist stays text. */
const day: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: /^\d{4}-\d{2}-\d{2}$/,
  resolve: (text) => (isDay(text) ? `${text} 00:00:00 +0000 UTC` : text),
};

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** A key without a value is the empty text. */
function scalarText(value: unknown): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(sorted(value)) : String(value);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
