import { roleLevel } from "../access/permissions.ts";
import { feedPath, feedUrls } from "../feed.ts";
import { type FeedGrant, feedGrants, ownFeed, strongestRole } from "../feed-roles.ts";
import type { FeedSettings, Settings } from "../settings/schema.ts";
import { trustOf } from "../jobs/trust.ts";
import { planSettings } from "../variables.ts";
import { NothingToPrintError } from "./nothing-to-print.ts";
import { commented, fileText } from "./yaml.ts";

/**
 * The text of a Dependabot configuration that looks for new versions on the stack's feed, signed in without a secret.
 * Dependabot's jobs run on the default branch, in no environment, so it signs in as the identity with the least role
 * that trusts a branch.
 * https://docs.github.com/code-security/how-tos/secure-your-supply-chain/manage-your-dependency-security/configure-access-to-private-registries#azure-devops-artifacts
 * @param clientId the identity's, for a file that needs no Dependabot secret; default: it is read from one
 * @throws NothingToPrintError where no such identity is there
 */
export function dependabotText(settings: Settings, clientId?: string): string {
  const identity = dependabotIdentity(settings);
  const secret = planSettings(settings.identities, false).find(
    (setting) => setting.identity === identity && setting.content === "clientId",
  );
  const grants = feedGrants(settings.feeds, settings.identities[identity]?.roles ?? {});
  const registries = grants.map(({ name, feed }, index) => {
    const registry = {
      type: "python-index",
      url: feedUrls(feed).index,
      "tenant-id": settings.tenantId,
      "client-id": clientId ?? `\${{ secrets.${secret?.name ?? "AZURE_CLIENT_ID"} }}`,
      ...(index === 0
        ? {
            "replaces-base": commented(true, baseComment(grants.length)),
          }
        : {}),
    };
    return [registryName(name), registry] as const;
  });
  const content = {
    version: 2,
    registries: Object.fromEntries(registries),
    updates: [
      {
        "package-ecosystem": commented("pip", "or uv"),
        directory: "/",
        registries: registries.map(([name]) => name),
        schedule: { interval: "weekly" },
        cooldown: { "default-days": 7 },
      },
    ],
  };
  return fileText(content, heading(settings, identity, grants, clientId === undefined ? secret?.name : undefined), 1);
}

function baseComment(count: number): string {
  return count === 1
    ? "only the feed is asked, which has public packages by its upstream sources"
    : "only the feeds are asked, and no public index";
}

function registryName(feed: string): string {
  return feed === ownFeed ? feed : `feed-${feed}`;
}

/** @throws NothingToPrintError */
function dependabotIdentity({ identities }: Settings): string {
  const [least] = Object.entries(identities)
    .filter(([, { signIn, trust }]) => signIn !== "secret" && trust.some((entry) => trustOf(entry).kind === "branch"))
    .sort(([, left], [, right]) => roleLevel[strongestRole(left.roles)] - roleLevel[strongestRole(right.roles)]);
  if (least !== undefined) return least[0];
  throw new NothingToPrintError(
    "Dependabot signs in from the default branch and without a secret, and no identity trusts a branch for that; " +
      "give one with the role reader the entry { branch: main }, and signIn oidc or both",
  );
}

function heading(
  settings: Settings,
  identity: string,
  grants: readonly FeedGrant<FeedSettings>[],
  secret: string | undefined,
): string[] {
  const paths = grants.map(({ feed }) => feedPath(feed)).join(" and ");
  return [
    `How Dependabot reads the feed${grants.length === 1 ? "" : "s"} ${paths} for ${settings.repository}, as ${identity}.`,
    "Printed by `npx feedpass workflow --dependabot` from the stack file.",
    ...(secret === undefined
      ? []
      : [
          `Dependabot reads no variables. Store what the variable ${secret} holds as a Dependabot secret of that name,`,
          "or print this with --client-id: the id is no secret.",
        ]),
    "GitHub does not document the subject of Dependabot's tokens. Where Entra refuses it (AADSTS700213 in Dependabot's",
    "log names the subject), the identity has to trust that branch.",
  ];
}
