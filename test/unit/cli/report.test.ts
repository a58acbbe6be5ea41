import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { eachStack, shards } from "../../../cli/report/matrix.ts";
import { readResults } from "../../../cli/report/read-results.ts";
import { currentRun } from "../../../cli/report/run.ts";
import { mergedEnvironment } from "../../../sandbox/environment.ts";
import { gitHubData } from "../../../sandbox/cloud/github/data.ts";
import { seedGitHub } from "../../../sandbox/cloud/github/seed.ts";
import { type Internet, openInternet } from "../../../sandbox/internet.ts";
import { renderComment } from "../../../src/report/comment.ts";
import { driftIssue } from "../../../src/report/drift-issue.ts";
import { outdated } from "../../../src/report/outdated.ts";
import { mostBytes } from "../../../src/report/results.ts";
import { client, createWorld, widgets } from "../../support/github.ts";
import { created, pullRequest, run, stackResult } from "../report/pull-request.ts";
import { type Checkout, createCheckout, feedpass, stackFile } from "./checkout.ts";

const cli = new URL("../../../cli/feedpass.js", import.meta.url).pathname;

test.each([
  [0, 40, ["1/1"]],
  [40, 40, ["1/1"]],
  [41, 40, ["1/2", "2/2"]],
])("%i stacks by %i are the shards %j", (stacks, perShard, expected) => {
  expect(shards(stacks, perShard)).toEqual(expected);
});

test("there are never more shards than a matrix has jobs", () => {
  const all = shards(20_000, 40);

  expect([all.length, all[0], all.at(-1)]).toEqual([256, "1/256", "256/256"]);
});

test("each stack is a job, 256 at a time, and every one of them has its turn once", () => {
  const stacks = Array.from({ length: 600 }, (_, index) => `stack-${index}`);

  const first = eachStack(stacks, undefined);
  const second = eachStack(stacks, first.next);
  const third = eachStack(stacks, second.next);

  expect([first, second, third].map(({ jobs }) => jobs.length)).toEqual([256, 256, 88]);
  expect(third.next).toBe("");
  expect([...first.jobs, ...second.jobs, ...third.jobs]).toEqual([...stacks].sort());
});

function fleet(): Checkout {
  const checkout = createCheckout();
  for (const stack of ["app", "app-2", "web"])
    checkout.write(`stacks/Pulumi.${stack}.yaml`, stackFile(`contoso/${stack}`));
  checkout.write("src/code.ts", "// 1");
  checkout.commit();
  return checkout;
}

describe("report matrix", () => {
  const matrix = ({ folder }: Checkout, ...parameters: readonly string[]) =>
    feedpass(folder, "report", "matrix", ...parameters);

  test("has every stack where nothing else is asked for", async () => {
    const { stdout } = await matrix(fleet(), "--each");

    expect(stdout).toBe('stacks=["app","app-2","web"]\nnext=\n');
  });

  test("has the stacks whose files changed, not those whose names begin alike", async () => {
    const checkout = fleet();
    checkout.write("stacks/Pulumi.app.yaml", stackFile("contoso/app", "  feedpass:removable: true"));

    const { stdout } = await matrix(checkout, "--each", "--changed-since", "main");

    expect(stdout).toBe('stacks=["app"]\nnext=\n');
  });

  test("has all of them where the code changed, and with --edited only the files that did", async () => {
    const checkout = fleet();
    checkout.write("src/code.ts", "// 2");
    checkout.write("stacks/Pulumi.web.yaml", stackFile("contoso/web", "  feedpass:removable: true"));

    const all = await matrix(checkout, "--each", "--changed-since", "main");
    const edited = await matrix(checkout, "--each", "--edited", "--changed-since", "main");

    expect([all.stdout, edited.stdout]).toEqual(['stacks=["app","app-2","web"]\nnext=\n', 'stacks=["web"]\nnext=\n']);
  });

  test("has a shard for a file that is removed, since its stack has to be told of, and none for nothing", async () => {
    const checkout = fleet();
    const nothing = await matrix(checkout, "--changed-since", "main");
    checkout.remove("stacks/Pulumi.web.yaml");
    const removed = await matrix(checkout, "--changed-since", "main");

    expect([nothing.stdout, removed.stdout]).toEqual(["shards=[]\n", 'shards=["1/1"]\n']);
  });

  test("takes --edited only with something to compare with", async () => {
    const { exitCode, stderr } = await matrix(fleet(), "--edited");

    expect([exitCode, stderr]).toEqual([1, "--edited is for --changed-since\n"]);
  });
});

function resultFolder(results: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-results-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, result] of Object.entries(results)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), typeof result === "string" ? result : JSON.stringify(result));
  }
  return folder;
}

test("a comment is printed from the files here and the results, wherever in the folder they are", async () => {
  const checkout = fleet();
  checkout.write("stacks/Pulumi.app.yaml", stackFile("contoso/app", "  feedpass:removable: true"));
  const folder = resultFolder({
    "results-0/preview-0.json": run("preview", [stackResult("app")]),
    "results-1/drift-1.json": run("drift", [stackResult("app")]),
    "results-1/cut-off.json": '{"operation": "dri',
  });

  const { exitCode, stdout } = await feedpass(
    checkout.folder,
    ...["report", "comment", folder, "--changed-since", "main", "--print"],
  );

  expect(exitCode).toBe(1);
  expect(stdout).toContain("Nobody gains or loses anything.");
  expect(stdout).toContain("1 stack without changes or drift.");
  expect(stdout).toContain("❌ `results-1/cut-off.json` is no result that can be read");
});

test("what is too large, a link, a pipe or no result is not read, and each is told with why", () => {
  const folder = resultFolder({
    "large.json": `"${"x".repeat(mostBytes)}"`,
    "good.json": run("preview", [stackResult("app")]),
    "deep.json": "[".repeat(1_000_000),
    "other.json": { operation: "preview", stacks: [], leftovers: [{ stack: "# Approved" }] },
    "folder.json/more.txt": "",
  });
  symlinkSync("good.json", join(folder, "link.json"));
  execFileSync("sh", ["-c", 'mkfifo "$0"', join(folder, "pipe.json")]);

  const { results, unreadable } = readResults(folder);

  expect(results.map(({ stacks }) => stacks.map(({ stack }) => stack))).toEqual([["app"]]);
  expect(unreadable).toEqual([
    { name: "deep.json", why: "no JSON" },
    { name: "folder.json", why: "no file" },
    { name: "large.json", why: "larger than 16 MiB" },
    { name: "link.json", why: "no file" },
    { name: "other.json", why: "not what the fleet writes" },
    { name: "pipe.json", why: "no file" },
  ]);
});

test("of too many results the first are read, and the others told", () => {
  const names = Array.from({ length: 1003 }, (_, index) => `${String(index).padStart(4, "0")}.json`);

  const { results, unreadable } = readResults(
    resultFolder(Object.fromEntries(names.map((name) => [name, run("up", [])]))),
  );

  expect(results.length).toBe(1000);
  expect(unreadable.map(({ name }) => name)).toEqual(["1000.json", "1001.json", "1002.json"]);
});

test("a link to the logs is an https address, or the command says what is wrong", () => {
  expect(() => currentRun({ GITHUB_SERVER_URL: "javascript:alert(1)" })).toThrow(
    'GITHUB_SERVER_URL: got "javascript:alert(1)", expected https://github.com',
  );
});

describe("report", () => {
  const world = createWorld();
  let internet: Internet;
  let temporary: string;
  beforeAll(async () => {
    internet = await openInternet(world.cloud);
    temporary = mkdtempSync(join(tmpdir(), "feedpass-report-"));
    writeFileSync(join(temporary, "authority.pem"), internet.authority);
  });
  beforeEach(() => {
    world.reset();
    seedGitHub(world.cloud.store, {
      tokens: [{ token: "job", kind: "installation", account: "contoso", permissions: { issues: "write" } }],
    });
  });
  afterAll(async () => {
    await internet.close();
    rmSync(temporary, { recursive: true, force: true });
  });

  const report = (checkout: Checkout, results: Readonly<Record<string, unknown>>) =>
    runReport(checkout, "issues", resultFolder(results));

  async function runReport(checkout: Checkout, ...parameters: readonly string[]) {
    const { exitCode, stderr } = await execa("node", [cli, "report", ...parameters], {
      cwd: checkout.folder,
      env: mergedEnvironment({
        HTTPS_PROXY: internet.proxyUrl,
        NODE_EXTRA_CA_CERTS: join(temporary, "authority.pem"),
        GITHUB_TOKEN: "job",
        GITHUB_REPOSITORY: "contoso/widgets",
        GITHUB_API_URL: undefined,
      }),
      extendEnv: false,
      reject: false,
    });
    return { exitCode, said: stderr.split("\n").filter((line) => !line.startsWith("npm warn")) };
  }

  const drifted = (stack: string) =>
    stackResult(stack, { outcome: "changed", changes: [created("FeedPermission", "a")] });
  const states = () =>
    gitHubData(world.cloud.store)
      .issues.all()
      .map(({ title, state }) => `${title}: ${state}`);

  test("outdated: marks the comment of previews once, leaves those of persons, and does nothing where there is none", async () => {
    const [job, ada] = [client(world, "job").issues, client(world, "ada-classic").issues];
    const { data: issue } = await job.create({ ...widgets, title: "Give gadgets access" });
    const on = { ...widgets, issue_number: issue.number };
    const mark = () => runReport(fleet(), "outdated", "--pull-request", String(issue.number));
    const body = renderComment(pullRequest);
    const bodies = () =>
      gitHubData(world.cloud.store)
        .issueComments.all()
        .map((comment) => comment.body);
    await ada.createComment({ ...on, body });

    const none = await mark();
    await job.createComment({ ...on, body });
    const marked = await mark();
    const first = bodies();
    const again = await mark();

    expect([none, marked, again]).toEqual([
      { exitCode: 0, said: ["no comment on #1 yet"] },
      { exitCode: 0, said: ["the comment on #1 is marked as out of date"] },
      { exitCode: 0, said: ["the comment on #1 is marked as out of date"] },
    ]);
    expect(first[0]).toBe(body);
    expect(first[1]?.split("\n").slice(0, 3)).toEqual([
      "<!-- feedpass:preview -->",
      "<!-- feedpass:outdated -->",
      "### ⏳ Feed access: a newer commit is being previewed",
    ]);
    expect(bodies()).toEqual(first);
  });

  test("comment: replaces one that is marked as out of date", async () => {
    const { issues } = client(world, "job");
    await issues.create({ ...widgets, title: "Give gadgets access" });
    const marked = outdated(renderComment(pullRequest), pullRequest.runUrl);
    await issues.createComment({ ...widgets, issue_number: 1, body: marked });

    const { said } = await runReport(
      fleet(),
      ...["comment", resultFolder({}), "--changed-since", "main", "--pull-request", "1"],
    );

    expect(said).toEqual(["the comment on #1 is up to date"]);
    const [comment] = gitHubData(world.cloud.store).issueComments.all();
    expect(comment?.body).toContain("### Feed access: no stack changes");
    expect(comment?.body).not.toContain("feedpass:outdated");
  });

  test("issues: opens one for each stack that drifted, and waits where GitHub asks to", async () => {
    world.cloud.faults.add({ effect: { kind: "status", status: 403, retryAfterSeconds: 1 }, times: 1 });

    const { exitCode, said } = await report(fleet(), {
      "drift.json": run("drift", [drifted("app"), drifted("app-2"), stackResult("web")]),
    });

    expect([exitCode, said]).toEqual([0, ["app: #1 opened", "app-2: #2 opened"]]);
    expect(states()).toEqual(["Drift: app: open", "Drift: app-2: open"]);
  });

  test("issues: leaves an issue as it is where its shard came to nothing, and fails", async () => {
    const checkout = fleet();
    await report(checkout, { "drift.json": run("drift", [drifted("app"), drifted("app-2"), stackResult("web")]) });

    const { exitCode, said } = await report(checkout, {
      "drift.json": run("drift", [stackResult("app"), stackResult("web", { outcome: "failed" })]),
    });

    expect(exitCode).toBe(1);
    expect(said).toEqual([
      "app: #1 closed",
      "no result for app-2: their issues stay as they are",
      "looking for drift failed for web: their issues stay as they are",
    ]);
    expect(states()).toEqual(["Drift: app: closed", "Drift: app-2: open"]);
  });

  test("issues: leaves alone what only has the label, and closes a second issue of one stack", async () => {
    const { issues } = client(world, "job");
    const { title, body } = driftIssue(drifted("app"), "https://github.com/contoso/widgets/actions");
    const labels = ["feedpass-drift"];
    for (const text of [body, body, "Mine."]) await issues.create({ ...widgets, title, body: text, labels });

    const { said } = await report(fleet(), {
      "drift.json": run("drift", [drifted("app"), stackResult("app-2"), stackResult("web")]),
    });

    expect(said).toEqual(["app: #1 stays"]);
    expect(states()).toEqual(["Drift: app: open", "Drift: app: closed", "Drift: app: open"]);
  });
});
