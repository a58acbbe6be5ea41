export { Feed, type FeedArgs, type FeedState } from "./feed.ts";
export { FeedPermission, type FeedPermissionArgs, type FeedPermissionState } from "./feed-permission.ts";
export {
  type GetDescriptorArgs,
  type GetDescriptorOutputArgs,
  type GetDescriptorResult,
  getDescriptor,
  getDescriptorOutput,
} from "./get-descriptor.ts";
export { type GetFeedArgs, type GetFeedOutputArgs, type GetFeedResult, getFeed, getFeedOutput } from "./get-feed.ts";
export {
  type GetGroupArgs,
  type GetGroupOutputArgs,
  type GetGroupResult,
  getGroup,
  getGroupOutput,
} from "./get-group.ts";
export {
  type GetProjectArgs,
  type GetProjectOutputArgs,
  type GetProjectResult,
  getProject,
  getProjectOutput,
} from "./get-project.ts";
export {
  type GetStorageKeyArgs,
  type GetStorageKeyOutputArgs,
  type GetStorageKeyResult,
  getStorageKey,
  getStorageKeyOutput,
} from "./get-storage-key.ts";
export { GroupMembership, type GroupMembershipArgs, type GroupMembershipState } from "./group-membership.ts";
export { Provider, type ProviderArgs } from "./provider.ts";
export {
  ServicePrincipalEntitlement,
  type ServicePrincipalEntitlementArgs,
  type ServicePrincipalEntitlementState,
} from "./service-principal-entitlement.ts";
export * as types from "./types/index.ts";
