/**
 * How a GitHub environment is protected. Every value is plain: it names, counts or branches.
 * https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
 */
export interface EnvironmentProtection {
  /** Who must approve: slugs of teams, logins of users; six at most. Default: nobody. */
  readonly reviewers?:
    | { readonly teams?: readonly string[] | undefined; readonly users?: readonly string[] | undefined }
    | undefined;
  /** Whoever starts a deployment cannot approve it. Default: false. */
  readonly preventSelfReview?: boolean;
  /** Whether administrators of the repository can pass the protection by. Default: false. */
  readonly adminsMayBypass?: boolean;
  /** How long each deployment waits, in minutes. Default: not at all. */
  readonly waitMinutes?: number | undefined;
  /** What may deploy: patterns of branches and tags, or the protected branches. Default: every branch and tag. */
  readonly deployFrom?:
    | {
        readonly branches?: readonly string[] | undefined;
        readonly tags?: readonly string[] | undefined;
        readonly protectedBranches?: true | undefined;
      }
    | undefined;
}
