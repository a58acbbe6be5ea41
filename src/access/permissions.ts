import type { FeedRole } from "../feed.ts";

/**
 * What may be done on a feed, in the order of what it takes: each role has the first one, two or three.
 * https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions
 */
export const permissions = ["install", "save", "publish"] as const;
export type Permission = (typeof permissions)[number];

/** How many of the permissions a role has. */
export const roleLevel: Readonly<Record<FeedRole, number>> = { reader: 1, collaborator: 2, contributor: 3 };

/** What a role may do, in words. */
export const roleWords: Readonly<Record<FeedRole, string>> = {
  reader: "install",
  collaborator: "install and save from upstreams",
  contributor: "install and publish",
};

/** What is gained with permissions, in words. Whoever gains publishing saves from upstreams too: that is not told. */
export function gainWords(gained: readonly Permission[]): string {
  return join(gained.filter((permission) => permission !== "save" || !gained.includes("publish")));
}

/** What is lost, in words. Saving is told where installing stays, because installs of new packages break without it. */
export function lossWords(lost: readonly Permission[]): string {
  return lost.includes("install") ? gainWords(lost) : join(lost.toReversed());
}

const words: Readonly<Record<Permission, string>> = {
  install: "install",
  save: "save from upstreams",
  publish: "publish",
};

function join(list: readonly Permission[]): string {
  return list.map((permission) => words[permission]).join(" and ");
}
