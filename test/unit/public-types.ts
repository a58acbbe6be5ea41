import * as pulumi from "@pulumi/pulumi";
import {
  type EnvironmentProtection,
  type FeedLocation,
  type Identity,
  type IdentityOutputs,
  type PipelineIdentityArgs,
  RepositoryAccess,
  type RepositoryAccessArgs,
  type TrustEntry,
} from "../../src/index.ts";

/**
 * What the compiler must take, and what it must refuse, of a program that uses the package. The type checker is the
 * test; `program` is also run.
 */

/** The program of somebody who builds with the components instead of a stack file. */
export function program(tenantId: pulumi.Input<string>): pulumi.Output<string> {
  const reader: Identity = {
    roles: { python: "reader" },
    trust: [{ branch: "main" }, { pullRequest: true }],
    signIn: "oidc",
  };
  const publisher: Identity = {
    roles: { python: "contributor" },
    trust: [{ tag: "v1" }, { environment: "release" }],
    signIn: "both",
    secretExpires: "2027-06-30",
    variablePrefix: "PUBLISHER_",
  };
  const release: EnvironmentProtection = {
    reviewers: { teams: ["release-managers"], users: ["octocat"] },
    waitMinutes: 5,
    deployFrom: { protectedBranches: true },
  };
  const access = new RepositoryAccess(
    "access",
    {
      repository: { owner: "contoso", name: "widgets" },
      subjectPrefix: "repo:contoso/widgets",
      tenantId,
      subscriptionId: pulumi.output("a subscription"),
      feeds: {
        python: {
          location: { organization: "contoso", name: "python" },
          place: { feedId: undefined, project: undefined },
        },
      },
      identities: { reader, publisher },
      environments: { release },
      removable: true,
    },
    { protect: false },
  );
  const told: pulumi.Output<Record<string, IdentityOutputs>> = access.identities;
  return told.apply(({ reader: outputs }) => outputs?.clientId ?? "");
}

const identity = {
  roles: { python: "reader" },
  trust: [{ branch: "main" }],
  signIn: "oidc",
} as const satisfies Identity;

// @ts-expect-error no identity administers a feed
void ({ ...identity, roles: { python: "administrator" } } satisfies Identity);
// @ts-expect-error an identity has roles
void ({ trust: [{ branch: "main" }], signIn: "oidc" } satisfies Identity);
// @ts-expect-error there is no such sign-in
void ({ ...identity, signIn: "password" } satisfies Identity);
// @ts-expect-error a day is text
void ({ ...identity, signIn: "secret", secretExpires: new Date(0) } satisfies Identity);
// @ts-expect-error what branches must be plain, for it counts credentials
void ({ ...identity, trust: pulumi.output([{ branch: "main" }]) } satisfies Identity);
// @ts-expect-error what names must be plain
void ({ branch: pulumi.output("main") } satisfies TrustEntry);
// @ts-expect-error pull requests are trusted or left out
void ({ pullRequest: false } satisfies TrustEntry);
// @ts-expect-error there is no such kind of trust
void ({ schedule: "nightly" } satisfies TrustEntry);
// @ts-expect-error a feed is in an organization
void ({ name: "python" } satisfies FeedLocation);
// @ts-expect-error protected branches are asked for or left out
void ({ deployFrom: { protectedBranches: false } } satisfies EnvironmentProtection);
// @ts-expect-error reviewers are named by kind
void ({ reviewers: ["octocat"] } satisfies EnvironmentProtection);
// @ts-expect-error a repository is taken apart
void ({ repository: "contoso/widgets" } satisfies Partial<RepositoryAccessArgs>);
// @ts-expect-error what is there or not must be plain
void ({ feeds: pulumi.output({}) } satisfies Partial<RepositoryAccessArgs>);
// @ts-expect-error what is unknown to the component is no argument
void ({ feedName: "python" } satisfies Partial<RepositoryAccessArgs>);
// @ts-expect-error the prefix decides what is trusted, so it must be plain
void ({ subjectPrefix: pulumi.output("repo:o/n") } satisfies Partial<PipelineIdentityArgs>);
