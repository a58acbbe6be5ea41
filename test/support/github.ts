import { Octokit } from "@octokit/rest";
import sodium from "libsodium-wrappers";
import { expect } from "vitest";
import { type Cloud, createCloud } from "../../sandbox/cloud/cloud.ts";
import type { JobRequest } from "../../sandbox/cloud/github/oidc/start-job.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import type { GitHubSeed } from "../../sandbox/cloud/github/seed-shape.ts";
import { github } from "../../sandbox/cloud/github/service.ts";
import type { CloudContext } from "../../sandbox/cloud/service.ts";
import { contradictions } from "./github-description.ts";

/** The accounts, repositories and tokens that the tests of GitHub share. */
const seed = {
  users: [
    { login: "ada", id: 1001, name: "Ada", email: "ada@contoso.example" },
    { login: "grace", id: 1002 },
    { login: "linus", id: 1003 },
    { login: "mallory", id: 1004 },
    { login: "dependabot[bot]", id: 49699333 },
  ],
  organizations: [
    {
      login: "contoso",
      id: 2001,
      name: "Contoso",
      owners: ["ada"],
      members: ["grace"],
      teams: [
        {
          name: "Release Managers",
          id: 3001,
          description: "Who may publish",
          members: ["linus"],
          repositories: { widgets: "write" },
        },
        { name: "Night Shift", id: 3002, parent: "release-managers", members: ["grace"] },
        { name: "Red Team", id: 3003, privacy: "secret", members: ["linus"] },
      ],
    },
    { login: "fabrikam", id: 2002, plan: "team", basePermission: "none", owners: ["ada"], members: ["grace"] },
  ],
  repositories: [
    {
      owner: "contoso",
      name: "widgets",
      id: 4001,
      private: true,
      branches: ["develop", "feature/login", "release/1"],
      tags: ["v1.0.0"],
      files: [".github/workflows/publish.yml"],
      protectedBranches: ["main", "release/*"],
    },
    { owner: "contoso", name: "open", id: 4002 },
    { owner: "contoso", name: "attic", id: 4003, private: true, archived: true },
    { owner: "contoso", name: "gadgets", id: 4004, private: true, createdAt: "2026-08-01T00:00:00Z" },
    { owner: "fabrikam", name: "hidden", id: 4005, private: true },
    { owner: "ada", name: "dotfiles", id: 4006, private: true },
  ],
  tokens: [
    { token: "ada-classic", kind: "classic", user: "ada", scopes: ["repo", "admin:org"] },
    { token: "grace-classic", kind: "classic", user: "grace", scopes: ["repo", "read:org"] },
    { token: "linus-classic", kind: "classic", user: "linus", scopes: ["repo", "read:org"] },
    { token: "mallory-classic", kind: "classic", user: "mallory", scopes: ["repo", "admin:org"] },
    { token: "ada-no-scopes", kind: "classic", user: "ada", scopes: [] },
    { token: "ada-public", kind: "classic", user: "ada", scopes: ["public_repo"] },
    {
      token: "ada-over",
      kind: "classic",
      user: "ada",
      scopes: ["repo"],
      expiresAt: "2026-11-23T11:59:59Z",
    },
    {
      token: "ada-fine",
      kind: "fine-grained",
      user: "ada",
      resourceOwner: "contoso",
      repositories: ["widgets"],
      permissions: { secrets: "read", members: "read" },
    },
    {
      token: "app",
      kind: "installation",
      account: "contoso",
      permissions: { actions: "read", actions_variables: "write", administration: "write" },
    },
  ],
} as const satisfies GitHubSeed;

/** When the tests' clock starts. */
export const start = Date.parse("2026-11-23T12:00:00Z");

/** GitHub alone, seeded, with a clock that tests move. */
export interface World {
  readonly cloud: Cloud;
  readonly context: CloudContext;
  readonly clock: { now: number };
  /** Everything as it was at the start, but for the request log. */
  reset(): void;
}

/** @param onUncovered told of requests that no route answers; default: standard error */
export function createWorld(onUncovered?: (request: string) => void): World {
  const clock = { now: start };
  const cloud = asDescribed(
    createCloud({ services: [github], now: () => clock.now, ...(onUncovered ? { onUncovered } : {}) }),
  );
  seedGitHub(cloud.store, seed);
  const seeded = cloud.store.snapshot();
  return {
    cloud,
    clock,
    context: { store: cloud.store, now: () => clock.now, fetch: (request) => cloud.fetch(request) },
    reset() {
      cloud.store.restore(seeded);
      cloud.faults.clear();
      clock.now = start;
    },
  };
}

/** Has each answer of the API compared with GitHub's own description, so that every test of it proves that too. */
function asDescribed(cloud: Cloud): Cloud {
  const { fetch } = cloud;
  return Object.assign(cloud, {
    async fetch(request: Request) {
      const { hostname, pathname } = new URL(request.url);
      const response = await fetch(request);
      if (hostname !== "api.github.com") return response;
      const path = pathname.replace(/^\/repositories\/[^/]+/, "/repos/owner/name");
      const wrong = await contradictions(request.method, path, response);
      if (wrong.length > 0) throw new Error(`GitHub's description says otherwise:\n${wrong.join("\n")}`);
      return response;
    },
  });
}

/** The two addresses of contoso/widgets. */
export const addresses = ["name", "id"] as const;
export type Address = (typeof addresses)[number];

const silent = () => undefined;

/**
 * The official client, in process.
 * @param address `id` sends what it asks of contoso/widgets to the repository's other address
 */
export function client(world: World, token: string | undefined, address: Address = "name"): Octokit {
  const fetch = async (url: string, init: RequestInit) => {
    const target = address === "id" ? url.replace("/repos/contoso/widgets", "/repositories/4001") : url;
    const response = await world.cloud.fetch(new Request(target, init));
    // Only the network gives a response its URL, which the client's pagination reads.
    return Object.defineProperty(response, "url", { value: target });
  };
  return new Octokit({
    ...(token === undefined ? {} : { auth: token }),
    request: { fetch },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
}

/** A request without a client. */
export function send(world: World, method: string, url: string, token: string, body?: unknown): Promise<Response> {
  return world.cloud.fetch(
    new Request(url, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );
}

/** The status and the message with which a client's request fails. */
export async function refusal(request: Promise<unknown>): Promise<{ status: number; message: string; page: string }> {
  const error = await request.then(
    () => expect.unreachable("the request should have failed"),
    (reason: unknown) => reason as { status: number; response: { data: Record<string, string> } },
  );
  const { message = "", documentation_url: page = "" } = error.response.data;
  return { status: error.status, message, page: page.replace("https://docs.github.com/rest/", "") };
}

/** What a client sends for a secret: sealed with libsodium to the public key it was given. */
export async function seal(value: string, key: { key: string; key_id: string }) {
  await sodium.ready;
  const { ORIGINAL } = sodium.base64_variants;
  const box = sodium.crypto_box_seal(sodium.from_string(value), sodium.from_base64(key.key, ORIGINAL));
  return { encrypted_value: sodium.to_base64(box, ORIGINAL), key_id: key.key_id };
}

/** `owner` and `repo` as Octokit takes them. */
export const widgets = { owner: "contoso", repo: "widgets" } as const;

/** A job that a push to the main branch of contoso/widgets starts, and that may ask for ID tokens. */
export const push: JobRequest = {
  repository: "contoso/widgets",
  event: "push",
  ref: "refs/heads/main",
  workflow: ".github/workflows/publish.yml",
  workflowName: "Publish",
  permissions: { "id-token": "write", contents: "read" },
  actor: "linus",
};
