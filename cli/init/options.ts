import type { FeedRole } from "../../src/feed.ts";

/** What the command line said. */
export interface InitOptions {
  readonly feed?: string;
  readonly role?: FeedRole;
  readonly environment?: string;
  readonly stack?: string;
}
