import type { Store } from "../store.ts";
import { azureDevOpsData, type Feed, type FeedView, type FeedVisibility, type Subject } from "./entities.ts";
import { failures } from "./errors.ts";
import { demandFeedPermission } from "./feed-roles.ts";
import { derivedGuid } from "./identifiers.ts";

/** The views that a feed comes with. All packages are in the first, and the others show what was promoted to them. */
const standardViews = [
  { name: "Local", type: "implicit" },
  { name: "Prerelease", type: "release" },
  { name: "Release", type: "release" },
] as const;

/** The visibility of each of a feed's first views, by the view's name. */
export type ViewVisibilities = Readonly<Partial<Record<(typeof standardViews)[number]["name"], FeedVisibility>>>;

/**
 * What a view is that nobody said a visibility of. The web page that makes feeds asks for one; what the REST API does
 * is not documented, so this is the one that opens nothing.
 */
export const defaultVisibility: FeedVisibility = "private";

/** Gives a new feed its views. */
export function addStandardViews(store: Store, feed: Feed, visibilities: ViewVisibilities = {}): void {
  for (const { name, type } of standardViews) {
    const visibility = visibilities[name] ?? defaultVisibility;
    azureDevOpsData(store).feedViews.insert({
      id: standardViewId(feed, name),
      feedId: feed.id,
      name,
      type,
      visibility,
    });
  }
}

/** The id of the view that holds all of a feed's packages. */
export const localViewId = (feed: Feed): string => standardViewId(feed, standardViews[0].name);

/** The views of a feed, the oldest first. */
export const viewsOf = (store: Store, feed: Feed): readonly FeedView[] =>
  azureDevOpsData(store).feedViews.filter(({ feedId }) => feedId === feed.id);

/**
 * The view of a feed with this id or name.
 * @throws ServiceError 404
 */
export function demandView(store: Store, feed: Feed, idOrName: string): FeedView {
  const found = findView(store, feed, idOrName);
  if (!found) throw failures.viewUnknown(idOrName);
  return found;
}

/**
 * Lets the subject read a feed, or one view of it. Who may read the feed may read each of its views; who may read a view
 * needs no role on the feed. A private view that names nobody is as its feed is. Everyone who is let in here is a member
 * of the organization, so all other visibilities are the same to them.
 * https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions#feed-views-settings
 * @param idOrName of the view; undefined for the feed itself
 * @returns the view; undefined for the feed itself
 * @throws ServiceError 403 where the subject may not read it, 404 where there is no such view
 */
export function demandReading(
  store: Store,
  feed: Feed,
  subject: Subject,
  idOrName: string | undefined,
): FeedView | undefined {
  const view = idOrName === undefined ? undefined : findView(store, feed, idOrName);
  const isShared = view !== undefined && view.visibility !== "private";
  if (!isShared) demandFeedPermission(store, feed, subject, "ReadPackages");
  if (idOrName !== undefined && !view) throw failures.viewUnknown(idOrName);
  return view;
}

/** The feed and the view in `feed@view`, each by id or name. */
export function splitFeedAndView(text: string): readonly [feed: string, view: string | undefined] {
  const [feed = "", view] = text.split("@");
  return [feed, view];
}

function findView(store: Store, feed: Feed, idOrName: string): FeedView | undefined {
  const wanted = idOrName.toLowerCase();
  return viewsOf(store, feed).find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
}

const standardViewId = (feed: Feed, name: string): string => derivedGuid(4, "view", feed.id, name);
