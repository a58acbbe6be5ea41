import { randomBytes } from "node:crypto";
import { seedAzureDevOps } from "./cloud/azure-devops/seed.ts";
import { seedDirectory } from "./cloud/entra/seed.ts";
import { seedGitHub } from "./cloud/github/seed.ts";
import type { TokenSeed } from "./cloud/github/seed-shape.ts";
import { tenantSite } from "./cloud/github/site.ts";
import type { Store } from "./cloud/store.ts";
import type { Credentials } from "./environment.ts";

/** The tenant of Pulumi.yaml. */
const usualTenantId = "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42";

/**
 * Encrypts the secrets of stacks in the sandbox. The engine writes a check of it into a stack's file, so that it has to be
 * the same in every sandbox. It protects nothing: what it encrypts is worth nothing outside.
 */
const passphrase = "feedpass-sandbox";

/** What the platform team's GitHub App may do, in each organization that has it installed. */
export const platformPermissions = {
  metadata: "read",
  contents: "read",
  actions: "read",
  actions_variables: "write",
  secrets: "write",
  dependabot_secrets: "write",
  environments: "write",
  administration: "write",
  members: "read",
} as const;

/** A personal token with named permissions is for one owner, an app's for all that have the app. */
function platformToken(token: string, accounts: readonly string[]): TokenSeed {
  return { token, kind: "app-user", user: "ada", accounts, permissions: platformPermissions };
}

/**
 * The company that the sandbox begins with: a tenant, an Azure DevOps organization with its feeds, GitHub organizations
 * with their repositories, one of them on a site of its own, and a platform team that may set up access between them, and
 * no more than that.
 * @param tenantId Default: the one of Pulumi.yaml.
 * @returns what the platform team signs in with, made up anew for each sandbox
 */
export async function seedContoso(store: Store, tenantId = usualTenantId): Promise<Credentials> {
  const clientSecret = randomBytes(30).toString("base64url");
  const githubToken = `ghu_${randomBytes(18).toString("hex")}`;
  const [platform] = seedDirectory(store, {
    tenants: [{ id: tenantId, domain: "contoso.onmicrosoft.com" }],
    applications: [
      {
        tenantId,
        displayName: "Contoso platform team",
        password: clientSecret,
        graphRoles: ["Application.ReadWrite.OwnedBy"],
      },
    ],
  }).applications;
  if (platform === undefined) throw new Error("the seed makes one application");
  seedAzureDevOps(store, {
    organizations: [
      {
        name: "contoso",
        tenantId,
        projects: [{ name: "data" }, { name: "web" }],
        feeds: [
          { name: "python", project: "data", upstreamSources: ["pypi"], views: { Release: "collection" } },
          { name: "shared", upstreamSources: ["pypi"] },
          { name: "internal" },
        ],
        administrators: [platform.servicePrincipalId],
      },
    ],
  });
  seedGitHub(store, {
    users: [{ login: "ada" }, { login: "grace" }],
    // Its ID tokens have an issuer of their own: https://token.actions.githubusercontent.com/contoso-devices
    enterprises: [{ slug: "contoso-devices", owners: ["ada"], includesSlugInIssuer: true }],
    organizations: [
      {
        login: "contoso",
        owners: ["ada"],
        members: ["grace"],
        teams: [
          {
            name: "Release managers",
            members: ["ada", "grace"],
            repositories: {
              widgets: "write",
              gadgets: "write",
              gizmos: "write",
              sprockets: "write",
              levers: "write",
              cogs: "write",
            },
          },
        ],
      },
      { login: "contoso-mobile", owners: ["ada"], members: ["grace"], enterprise: "contoso-devices" },
    ],
    repositories: [
      {
        owner: "contoso",
        name: "widgets",
        private: true,
        branches: ["develop"],
        tags: ["v1.0.0"],
        protectedBranches: ["main"],
      },
      { owner: "contoso", name: "gadgets", private: true },
      // Younger than July 2026: its subjects carry ids.
      { owner: "contoso", name: "gizmos", private: true, createdAt: "2026-09-01T00:00:00Z" },
      { owner: "contoso", name: "sprockets", private: true },
      // Its subjects say which workflow a job is of, for the platform team's shared one.
      {
        owner: "contoso",
        name: "levers",
        private: true,
        template: { includeClaimKeys: ["repo", "context", "job_workflow_ref"] },
      },
      { owner: "contoso", name: "pulleys", private: true },
      { owner: "contoso", name: "cogs", private: true },
      { owner: "contoso", name: "workflows", private: true, files: [".github/workflows/publish.yml"] },
      { owner: "contoso-mobile", name: "dials", private: true },
    ],
    tokens: [platformToken(githubToken, ["contoso", "contoso-mobile"])],
  });
  seedGitHub(
    store,
    {
      users: [{ login: "ada" }, { login: "grace" }],
      enterprises: [{ slug: "contoso-robotics", owners: ["ada"] }],
      organizations: [
        {
          login: "robotics",
          owners: ["ada"],
          members: ["grace"],
          teams: [{ name: "Release managers", members: ["ada", "grace"], repositories: { arms: "write" } }],
        },
      ],
      repositories: [{ owner: "robotics", name: "arms", private: true }],
      // A convenience of the sandbox: nowhere else is a token known to two sites. With this one, commands for the stacks of
      // both need no other environment than they have.
      tokens: [platformToken(githubToken, ["robotics"])],
    },
    tenantSite("contoso-robotics"),
  );
  return {
    tenantId,
    clientId: platform.appId,
    clientSecret,
    githubToken,
    passphrase,
  };
}
