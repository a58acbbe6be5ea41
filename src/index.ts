export {
  type ActionsSetting,
  ActionsSettings,
  type ActionsSettingsArgs,
  type ReviewerIds,
} from "./components/actions-settings.ts";
export { type FeedPlace, lookUpFeed } from "./components/feed-lookup.ts";
export {
  FeedMembership,
  type FeedMembershipArgs,
  type FeedProject,
  type FeedRoleArgs,
} from "./components/feed-membership.ts";
export { PipelineIdentity, type PipelineIdentityArgs, type SubjectArgs } from "./components/pipeline-identity.ts";
export {
  type AccessFeed,
  type FeedOutputs,
  type IdentityOutputs,
  RepositoryAccess,
  type RepositoryAccessArgs,
} from "./components/repository-access.ts";
export { type FeedLocation, type FeedRole, feedRoles, feedUrls } from "./feed.ts";
export type { FeedRoles } from "./feed-roles.ts";
export type { Repository } from "./repository.ts";
export type { EnvironmentProtection } from "./jobs/environment.ts";
export type { SignIn } from "./jobs/reach.ts";
export { subjectOf, type TrustEntry } from "./jobs/trust.ts";
export type { Identity } from "./variables.ts";
