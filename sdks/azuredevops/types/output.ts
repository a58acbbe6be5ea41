/** What happens around a feed's life beyond making and removing it. */
export interface FeedFeature {
  /** Deletes the feed for good instead of leaving it in the recycle bin. Default: false. */
  permanentDelete?: boolean;
  /** Takes a deleted feed of that name out of the recycle bin instead of making one. Default: false. */
  restore?: boolean;
}
