import type { Properties } from "../definition.ts";

/** The tags by which the directory knows what an application is: https://learn.microsoft.com/entra/identity-platform/application-model */
const featureTags = {
  customSingleSignOn: "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
  enterprise: "WindowsAzureActiveDirectoryIntegratedApp",
  gallery: "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
  hide: "HideApp",
} as const;

/** The tags of a feature block, in its present or its deprecated words. */
export function featureTagNames(features: Properties): readonly string[] {
  const wanted = {
    customSingleSignOn: features.customSingleSignOn ?? features.customSingleSignOnApp,
    enterprise: features.enterprise ?? features.enterpriseApplication,
    gallery: features.gallery ?? features.galleryApplication,
    hide: features.hide ?? features.visibleToUsers === false,
  };
  return Object.entries(featureTags)
    .filter(([name]) => wanted[name as keyof typeof featureTags] === true)
    .map(([, tag]) => tag);
}

/** The feature block that the tags make. */
export function featureBlock(tags: readonly string[]): Properties {
  const held = new Set(tags.map((tag) => tag.toLowerCase()));
  return Object.fromEntries(Object.entries(featureTags).map(([name, tag]) => [name, held.has(tag.toLowerCase())]));
}

/** The same in the deprecated words. */
export function deprecatedFeatureBlock(tags: readonly string[]): Properties {
  const { customSingleSignOn, enterprise, gallery, hide } = featureBlock(tags);
  return {
    customSingleSignOnApp: customSingleSignOn,
    enterpriseApplication: enterprise,
    galleryApplication: gallery,
    visibleToUsers: !hide,
  };
}
