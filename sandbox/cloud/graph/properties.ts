import { refusals } from "./errors.ts";
import type { Shape } from "./odata.ts";

/** What may be written on one kind of entity. */
export interface WritableProperties {
  /** The entity's type for messages, e.g. `Application`. */
  readonly type: string;
  /** Every writable property with the value it has when it is cleared. */
  readonly defaults: Shape;
  /** Properties that exist and cannot be written. */
  readonly readOnly: ReadonlySet<string>;
}

/**
 * The properties after a POST or PATCH: what the body names changes, what it does not name stays, and null clears.
 * Inside a complex property the same holds for its parts. OData's own members are no properties.
 * https://learn.microsoft.com/graph/api/application-update
 * @throws GraphError 400 for a property that does not exist, is read-only, or is of the wrong kind
 */
export function changeProperties(writable: WritableProperties, current: Shape, body: Shape): Shape {
  const changed: Record<string, unknown> = { ...current };
  for (const [name, value] of Object.entries(body)) {
    if (name.includes("@odata.")) continue;
    if (writable.readOnly.has(name)) throw refusals.readOnlyProperty(name);
    if (!(name in writable.defaults)) throw refusals.invalidProperty(name);
    changed[name] = changeValue(writable, name, writable.defaults[name], current[name], value);
  }
  return changed;
}

function changeValue(
  writable: WritableProperties,
  name: string,
  cleared: unknown,
  current: unknown,
  value: unknown,
): unknown {
  if (value === null) return cleared;
  if (Array.isArray(cleared) !== Array.isArray(value) && (Array.isArray(cleared) || isShape(cleared))) {
    throw refusals.invalidValue(name, writable.type);
  }
  if (!isShape(cleared)) return isShape(value) ? withoutAnnotations(value) : value;
  if (!isShape(value)) throw refusals.invalidValue(name, writable.type);
  const merged: Record<string, unknown> = { ...(isShape(current) ? current : cleared) };
  for (const [part, inner] of Object.entries(withoutAnnotations(value))) {
    merged[part] = changeValue(writable, name, cleared[part] ?? null, merged[part], inner);
  }
  return merged;
}

const isShape = (value: unknown): value is Shape =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const withoutAnnotations = (value: Shape): Shape =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !name.includes("@odata.")));
