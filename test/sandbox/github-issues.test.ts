import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { ghost, openIssueIn } from "../../sandbox/cloud/github/issues.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { addresses, client, createWorld, refusal, send, widgets } from "../support/github.ts";

const world = createWorld();
const data = gitHubData(world.cloud.store);
const pull = { ...widgets, issue_number: 1 } as const;
const base = "https://api.github.com/repos/contoso/widgets";

beforeEach(() => {
  world.reset();
  const permissions = { metadata: "read" } as const;
  seedGitHub(world.cloud.store, {
    tokens: [
      {
        token: "job-issues",
        kind: "installation",
        account: "contoso",
        permissions: { ...permissions, issues: "write" },
      },
      {
        token: "job-pulls",
        kind: "installation",
        account: "contoso",
        permissions: { ...permissions, pull_requests: "write" },
      },
      {
        token: "job-reads",
        kind: "installation",
        account: "contoso",
        permissions: { ...permissions, issues: "read", pull_requests: "read" },
      },
    ],
  });
  const repository = data.repositories.get("4001") ?? expect.unreachable();
  openIssueIn(data, repository, {
    title: "Add gadgets",
    isPullRequest: true,
    author: ghost,
    createdAt: "2026-11-23T11:00:00Z",
  });
});
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-issues.test.ts"));

test.each(addresses)("issues are opened, read, changed, closed and reopened by %s", async (address) => {
  const { issues } = client(world, "job-issues", address);

  const opened = await issues.create({ ...widgets, title: "Drift", body: "It drifted.", labels: ["Drift", "drift"] });
  world.clock.now += 60_000;
  const number = { ...widgets, issue_number: opened.data.number };
  const changed = await issues.update({ ...number, body: "It drifted more." });
  const closed = await issues.update({ ...number, state: "closed", state_reason: "completed" });
  const open = await issues.listForRepo({ ...widgets, labels: "drift" });
  const all = await issues.listForRepo({ ...widgets, labels: "drift", state: "all" });
  const reopened = await issues.update({ ...number, state: "open" });
  const read = await issues.get(number);

  expect(opened.status).toBe(201);
  expect(opened.data).toMatchObject({
    number: 2,
    title: "Drift",
    body: "It drifted.",
    state: "open",
    user: { login: "github-actions[bot]", type: "Bot" },
    html_url: "https://github.com/contoso/widgets/issues/2",
    comments: 0,
    created_at: "2026-11-23T12:00:00Z",
    closed_at: null,
  });
  expect(opened.data.labels.map((label) => (typeof label === "string" ? label : label.name))).toEqual(["Drift"]);
  expect([changed.data.body, changed.data.updated_at]).toEqual(["It drifted more.", "2026-11-23T12:01:00Z"]);
  expect([closed.data.state, closed.data.state_reason, closed.data.closed_at]).toEqual([
    "closed",
    "completed",
    "2026-11-23T12:01:00Z",
  ]);
  expect([open.data.length, all.data.length]).toEqual([0, 1]);
  expect([reopened.data.state_reason, read.data.state, read.data.closed_at]).toEqual(["reopened", "open", null]);
});

test.each(addresses)("comments are written, read, changed, listed and deleted by %s", async (address) => {
  const { issues } = client(world, "job-pulls", address);

  const first = await issues.createComment({ ...pull, body: "One" });
  const second = await issues.createComment({ ...pull, body: "Two" });
  world.clock.now += 60_000;
  const changed = await issues.updateComment({ ...widgets, comment_id: first.data.id, body: "One, changed" });
  const listed = await issues.listComments(pull);
  const deleted = await issues.deleteComment({ ...widgets, comment_id: second.data.id });
  const read = await issues.getComment({ ...widgets, comment_id: first.data.id });
  const gone = await refusal(issues.getComment({ ...widgets, comment_id: second.data.id }));

  expect(first.status).toBe(201);
  expect(first.headers.location).toBe(first.data.url);
  expect(first.data.html_url).toBe(`https://github.com/contoso/widgets/pull/1#issuecomment-${first.data.id}`);
  expect(changed.data).toMatchObject({ body: "One, changed", updated_at: "2026-11-23T12:01:00Z" });
  expect(listed.data.map((comment) => comment.body)).toEqual(["One, changed", "Two"]);
  expect(deleted.status).toBe(204);
  expect(read.data).toEqual(changed.data);
  expect(gone.status).toBe(404);
});

test("a client finds all comments through the pages, thirty at a time unless it asks for more", async () => {
  const github = client(world, "job-pulls");
  for (let index = 1; index <= 35; index++) await github.issues.createComment({ ...pull, body: `Comment ${index}` });

  const page = await github.issues.listComments(pull);
  const all = await github.paginate(github.issues.listComments, { ...pull, per_page: 10 });

  expect(page.data.length).toBe(30);
  expect(page.headers.link).toBe(
    `<${base}/issues/1/comments?page=2>; rel="next", <${base}/issues/1/comments?page=2>; rel="last"`,
  );
  expect(all.map((comment) => comment.body)).toEqual(Array.from({ length: 35 }, (_, index) => `Comment ${index + 1}`));
});

test("pull requests are listed among the issues, newest first", async () => {
  const { issues } = client(world, "job-issues");
  await issues.create({ ...widgets, title: "Drift" });

  const { data: listed } = await issues.listForRepo(widgets);

  expect(listed.map(({ number, pull_request }) => [number, pull_request?.html_url])).toEqual([
    [2, undefined],
    [1, "https://github.com/contoso/widgets/pull/1"],
  ]);
});

describe("a token of a job", () => {
  test("that may write pull requests writes on them, and not on issues", async () => {
    const opened = await client(world, "job-issues").issues.create({ ...widgets, title: "Drift" });
    const { issues } = client(world, "job-pulls");

    const onIssue = await refusal(issues.createComment({ ...pull, issue_number: opened.data.number, body: "Hello" }));
    const open = await refusal(issues.create({ ...widgets, title: "Another" }));

    const expected = { status: 403, message: "Resource not accessible by integration" };
    expect([onIssue, open]).toMatchObject([expected, expected]);
  });

  test("that may write issues writes on pull requests too", async () => {
    const made = await client(world, "job-issues").issues.createComment({ ...pull, body: "Hello" });

    expect(made.status).toBe(201);
  });

  test.each(["job-reads", "app"])("that may not write is refused: %s", async (token) => {
    const { issues } = client(world, token);

    const refused = await Promise.all([
      refusal(issues.createComment({ ...pull, body: "Hello" })),
      refusal(issues.create({ ...widgets, title: "Drift" })),
      refusal(issues.update({ ...pull, state: "closed" })),
    ]);

    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
  });

  test("is told what it lacks", async () => {
    const answer = await send(world, "POST", `${base}/issues/1/comments`, "job-reads", { body: "Hello" });

    expect(answer.headers.get("X-Accepted-GitHub-Permissions")).toBe("issues=write; pull_requests=write");
  });
});

test("somebody without a part in a private repository sees none of it", async () => {
  const refused = await refusal(client(world, "mallory-classic").issues.listComments(pull));

  expect(refused).toMatchObject({ status: 404, message: "Not Found" });
});

test("a comment has at most 65,536 characters, whatever their size in bytes", async () => {
  const { issues } = client(world, "job-pulls");
  const most = "🔑".repeat(65_536);

  const made = await issues.createComment({ ...pull, body: most });
  const longer = await send(world, "POST", `${base}/issues/1/comments`, "job-pulls", { body: `${most}!` });

  expect(made.status).toBe(201);
  expect([longer.status, await longer.json()]).toEqual([
    422,
    {
      message: "Validation Failed",
      errors: [
        {
          resource: "IssueComment",
          code: "unprocessable",
          field: "data",
          message: "Body is too long (maximum is 65536 characters)",
        },
      ],
      documentation_url: "https://docs.github.com/rest/issues/comments#create-an-issue-comment",
      status: "422",
    },
  ]);
});

test.each([
  ["an issue without a title", "/issues", { body: "Hello" }],
  ["an issue with an empty title", "/issues", { title: " " }],
  ["an issue with too long a title", "/issues", { title: "x".repeat(257) }],
  ["an issue with too long a text", "/issues", { title: "Drift", body: "x".repeat(65_537) }],
  ["a comment without text", "/issues/1/comments", { body: "" }],
])("%s is refused", async (_what, path, body) => {
  const answer = await send(world, "POST", base + path, "job-issues", body);

  expect(answer.status).toBe(422);
});
