import { expect, test, vi } from "vitest";
import { connect } from "../../../infra/github/connect.ts";
import { completeProtection } from "../../../infra/hooks/standing-protection.ts";
import type { EnvironmentProtection } from "../../../src/jobs/environment.ts";
import { askedGitHub, production } from "../../support/asked-github.ts";
import { send } from "../../support/github.ts";

// Proves that nobody is given access behind a protection that GitHub does not have.

const { world, asked } = askedGitHub();

const environment = `${production}/repos/contoso/widgets/environments/release`;

/** What GitHub has, whatever the file says. */
async function has(body: object): Promise<void> {
  await send(world, "PUT", environment, "ada-classic", body);
  world.cloud.requests.clear();
}

const complete = (release: EnvironmentProtection) =>
  completeProtection({
    repository: { owner: "contoso", name: "widgets" },
    gitHub: connect(undefined),
    environments: { release },
  });

const reviewed = { reviewers: { teams: ["release-managers"] } };
const custom = { protected_branches: false, custom_branch_policies: true };

test("reviewers that GitHub has not taken are told, with what ends it", async () => {
  // It leaves mallory out without a word, who has no role there.
  await has({ reviewers: [{ type: "User", id: 1004 }] });

  await expect(complete(reviewed)).rejects.toThrow(
    "GitHub has no reviewers for the environment release, so that every job would get through; see that they have a role in contoso/widgets, and run the up with --refresh",
  );
});

test("patterns that GitHub does not go by are told, with what ends it", async () => {
  await has({});

  await expect(complete({ deployFrom: { tags: ["v*"] } })).rejects.toThrow(
    "GitHub keeps no patterns for the environment release, so that every branch would get through; run the up with --refresh",
  );
});

test("a protection that stands is asked for, and nothing is changed", async () => {
  await has({ reviewers: [{ type: "Team", id: 3001 }], deployment_branch_policy: custom });
  await send(world, "POST", `${environment}/deployment-branch-policies`, "ada-classic", { name: "v*", type: "tag" });
  world.cloud.requests.clear();

  await complete({ ...reviewed, deployFrom: { tags: ["v*"] } });

  expect(world.cloud.requests.all().map(({ method }) => method)).toEqual(["GET", "GET"]);
});

test("an environment without such rules is not asked for", async () => {
  await complete({ waitMinutes: 5 });

  expect(asked()).toEqual([]);
});

test("a GitHub that does not answer is told in a sentence", async () => {
  vi.stubEnv("GITHUB_TOKEN", "no-such-token");

  await expect(complete(reviewed)).rejects.toThrow(
    "GitHub does not accept the sign-in (401); set GITHUB_TOKEN to a token that is valid",
  );
});
