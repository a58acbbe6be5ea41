import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { lastAnswer } from "../../../infra/github/connect.ts";
import { createGitHubClient, isFailedRequest } from "../../../infra/github/client.ts";
import { machineNetwork } from "../../../infra/network.ts";
import type { Patience } from "../../../infra/patience.ts";
import { hastyPatience } from "../../support/patience.ts";

// Proves by a server on loopback that both ways of asking, octokit's and the network's, get the answer that comes after
// others, say what they wait for, and end.

type Answer = (response: ServerResponse) => void;

let answers: Answer[];
let asked: string[];
let told: string[];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  const answer = answers[Math.min(asked.length, answers.length) - 1];
  answer?.(response);
});
let address: string;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"]) vi.stubEnv(name, undefined);
});
beforeEach(() => {
  asked = [];
  told = [];
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const patience: Patience = { ...hastyPatience, tell: (text) => void told.push(text) };

function says(status: number, body: object = { message: "busy" }, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}
const well = says(200, { name: "widgets" });
const reset: Answer = (response) => response.destroy();
const epoch = (seconds: number) => String(Math.floor(Date.now() / 1000) + seconds);
const secondary = { message: "You have exceeded a secondary rate limit" };

const ways: Record<string, (method: "GET" | "POST") => Promise<unknown>> = {
  async GitHub(method) {
    const ask = createGitHubClient({ address, token: "hunter2" }, patience);
    return ask(`${method} /repos/{owner}/{repo}`, { owner: "contoso", repo: "widgets" }).then(
      ({ data }) => data,
      (error: unknown) => Promise.reject(isFailedRequest(error) ? new Error(lastAnswer(error)) : error),
    );
  },
  async network(method) {
    const network = machineNetwork(patience);
    const headers = { authorization: "Bearer hunter2" };
    const { status, body } = await network(`${address}/repos/contoso/widgets`, { method, headers });
    if (status >= 400) throw new Error(`answered ${status}; run it again`);
    return body;
  },
};

describe.each(Object.keys(ways))("asked by %s", (way) => {
  const ask = (method: "GET" | "POST" = "GET") => ways[way]?.(method);

  test.each<[string, () => Answer]>([
    ["500", () => says(500)],
    ["502", () => says(502)],
    ["503 with Retry-After", () => says(503, {}, { "retry-after": "3" })],
    ["429 with Retry-After", () => says(429, {}, { "retry-after": "3" })],
    ["429 with a date", () => says(429, {}, { "retry-after": new Date(Date.now() + 3000).toUTCString() })],
    ["a secondary limit", () => says(403, secondary, { "retry-after": "3" })],
    [
      "the limit of the hour",
      () => says(403, { message: "over" }, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": epoch(3) }),
    ],
    ["a reset", () => reset],
  ])("%s is followed by the answer", async (_what, refusal) => {
    answers = [refusal(), refusal(), well];

    expect(await ask()).toEqual({ name: "widgets" });
    expect(asked).toHaveLength(3);
  });

  test("says what it waits for, once it is long", async () => {
    answers = [says(503, {}, { "retry-after": "2" }), says(503, {}, { "retry-after": "3" }), well];

    await ask();

    expect(told).toEqual([expect.stringMatching(/^(GitHub|127\.0\.0\.1:\d+) answered 503: asked again in 3 s$/)]);
  });

  test("ends after six questions, and says how often it asked and what was answered last", async () => {
    answers = [reset, says(500), says(502, { message: "Bad Gateway" })];

    const words = /answered 502 \(Bad Gateway\), asked 6 times in \d+ s; run it again$/;
    await expect(ask()).rejects.toThrow(words);
    expect(asked).toHaveLength(6);
  });

  test("does not wait longer than a question may take, and says when to run it again", async () => {
    answers = [says(429, { message: "over" }, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": epoch(3000) })];

    const words = /answered 429 \(over\), and asks to wait 30\d\d s: longer than .* run it again after \d\d:\d\d UTC$/;
    await expect(ask()).rejects.toThrow(words);
    expect(asked).toHaveLength(1);
  });

  test("a server that never answers is told, without a secret", async () => {
    answers = [() => undefined];

    await expect(ask()).rejects.toThrow(/cannot be reached.*no answer in time.*; run it again$/);
  });

  test("a POST that may have been done is sent once", async () => {
    answers = [says(502), well];

    await expect(ask("POST")).rejects.toThrow(/answered 502.*; run it again$/);
    expect(asked).toEqual(["POST /repos/contoso/widgets"]);
  });

  test("a POST that a limit refused is sent again", async () => {
    answers = [says(429, {}, { "retry-after": "1" }), well];

    await ask("POST");

    expect(asked).toHaveLength(2);
  });
});

test("what was just made is looked for again where GitHub does not show it", async () => {
  answers = [says(404), says(404), well];
  const ask = createGitHubClient({ address }, patience);

  const { data } = await ask("GET /repos/{owner}/{repo}", {
    owner: "contoso",
    repo: "widgets",
    request: { isExpected: true },
  });

  expect(data).toEqual({ name: "widgets" });
});
