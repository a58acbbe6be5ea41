import { Document, isMap, isScalar, Scalar, type YAMLMap } from "yaml";
import type { PinnedAction } from "./actions.ts";

/** A value with a comment behind it. */
export function commented<T extends string | boolean>(value: T, comment: string): Scalar<T> {
  const scalar = new Scalar(value);
  scalar.comment = ` ${comment}`;
  return scalar;
}

/** What `uses` says, with the version as a comment. */
export function pinned({ action, commit, version }: PinnedAction): Scalar<string> {
  const uses = `${action}@${commit}`;
  return version === undefined ? new Scalar(uses) : commented(uses, version);
}

/**
 * A file as people write it: a comment at the top, and an empty line before each key of the given depth and above.
 * @param heading lines without `#`
 */
export function fileText(content: Readonly<Record<string, unknown>>, heading: readonly string[], depth: 1 | 2): string {
  const document = new Document(content, { aliasDuplicateObjects: false });
  document.commentBefore = heading.map((line) => ` ${line}`).join("\n");
  if (isMap(document.contents)) spaceOut(document.contents, depth);
  return document.toString({ lineWidth: 0, nullStr: "" });
}

function spaceOut(map: YAMLMap, depth: number): void {
  map.items.forEach(({ key, value }, index) => {
    if (isScalar(key) && (index > 0 || depth > 1)) key.spaceBefore = index > 0;
    if (depth > 1 && isMap(value) && isScalar(key) && key.value === "jobs") spaceOut(value, depth - 1);
  });
}
