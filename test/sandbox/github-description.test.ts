import { expect, test } from "vitest";
import { createCloud } from "../../sandbox/cloud/cloud.ts";
import { github } from "../../sandbox/cloud/github/service.ts";
import { contradictions, isDescribed } from "../support/github-description.ts";

// Proves that the comparison with GitHub's own description, which every test of the emulated GitHub makes, can fail.

const variable = { name: "A", value: "1", created_at: "2026-11-23T12:00:00Z", updated_at: "2026-11-23T12:00:00Z" };
const path = "/repos/contoso/widgets/actions/variables/A";

test.each([
  [200, variable, []],
  [200, { ...variable, value: undefined }, ["200: body must have required property 'value'"]],
  [200, { ...variable, created_at: "yesterday" }, ['200: /created_at must match format "date-time"']],
  [202, variable, ["202 is not described"]],
  [403, { message: "Forbidden" }, []],
])("%i with %j", async (status, body, wrong) => {
  const what = "GET /repos/{owner}/{repo}/actions/variables/{name}: ";

  const found = await contradictions("GET", path, Response.json(body, { status }));

  expect(found).toEqual(wrong.map((words) => what + words));
});

test("the description has every route of the emulated API, but for repositories, teams and enterprises by other addresses", () => {
  const [service] = createCloud({ services: [github] }).services;
  const missing = (service?.coverage ?? [])
    .filter(({ host, method, path }) => host === "api.github.com" && !isDescribed(method, path))
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !route.includes(" /repositories/:"));

  const team = "/organizations/:org_id/team/:team_id";
  expect(missing).toEqual([
    ...[team, `${team}/members`, `${team}/repos`, `${team}/repos/:owner/:repo`].map((path) => `GET ${path}`),
    "PUT /enterprises/:enterprise/actions/oidc/customization/issuer",
  ]);
});
