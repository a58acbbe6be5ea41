import { expect, test } from "vitest";
import {
  type HttpRequest,
  noRetries,
  pause,
  retryAfter,
  type RetryPolicy,
  sendRequest,
} from "../../../sandbox/offline/http.ts";
import { ProviderError } from "../../../sandbox/offline/providers/definition.ts";

/** Answers one after the other; an error instead of a response breaks the connection. */
function service(...answers: readonly (Response | Error)[]) {
  const requests: {
    readonly url: string;
    readonly method: string;
    readonly type: string | null;
    readonly body: string;
  }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { url, method } = request;
    requests.push({ url, method, type: request.headers.get("Content-Type"), body: await request.text() });
    const answer = answers[requests.length - 1] ?? new Response("too many requests", { status: 500 });
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { fetch, requests };
}

const retries: RetryPolicy = {
  retries: ({ status }) => status === 503,
  retriesBroken: ({ method }) => method === "GET",
  maximum: 2,
  delay: (_, headers) => retryAfter(headers) ?? 0,
};
const get: HttpRequest = { method: "GET", url: "https://service.example/things?filter=a" };
const broken = new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });

test("a body is sent as JSON, or as a form", async () => {
  const { fetch, requests } = service(new Response(), new Response(), new Response());

  await sendRequest({ fetch }, { ...get, method: "POST", json: { a: [1] } });
  await sendRequest({ fetch }, { ...get, method: "POST", form: { a: "b c", d: "&" } });
  await sendRequest(
    { fetch },
    {
      ...get,
      method: "PATCH",
      json: [],
      headers: { "Content-Type": "application/json-patch+json" },
    },
  );

  expect(requests.map(({ method, type, body }) => [method, type, body])).toEqual([
    ["POST", "application/json", '{"a":[1]}'],
    ["POST", "application/x-www-form-urlencoded", "a=b+c&d=%26"],
    ["PATCH", "application/json-patch+json", "[]"],
  ]);
});

test("an answer is JSON, or text, or nothing", async () => {
  const { fetch } = service(Response.json({ a: 1 }), new Response("<html>"), new Response(null, { status: 204 }));

  const bodies = [
    await sendRequest({ fetch }, get),
    await sendRequest({ fetch }, get),
    await sendRequest({ fetch }, get),
  ];

  expect(bodies.map(({ status, body }) => [status, body])).toEqual([
    [200, { a: 1 }],
    [200, "<html>"],
    [204, undefined],
  ]);
});

test("an answer that the policy wants to try again is tried again", async () => {
  const { fetch, requests } = service(new Response("", { status: 503 }), Response.json("well"));

  expect((await sendRequest({ fetch }, get, retries)).body).toBe("well");
  expect(requests).toHaveLength(2);
});

test("the last attempt's answer is given, whatever it is", async () => {
  const busy = () => new Response("busy", { status: 503 });
  const { fetch, requests } = service(busy(), busy(), busy(), Response.json("too late"));

  expect((await sendRequest({ fetch }, get, retries)).status).toBe(503);
  expect(requests).toHaveLength(3);
});

test("no answer is asked for again without a policy", async () => {
  const { fetch, requests } = service(new Response("", { status: 503 }));

  expect((await sendRequest({ fetch }, get, noRetries)).status).toBe(503);
  expect(requests).toHaveLength(1);
});

test("waits as long as the answer says", async () => {
  const { fetch } = service(new Response("", { status: 503, headers: { "Retry-After": "1" } }), new Response("well"));
  const start = performance.now();

  await sendRequest({ fetch }, get, retries);

  expect(performance.now() - start).toBeGreaterThan(900);
});

test("what a limit refuses is asked as often as it takes", async () => {
  const limited = () => new Response("", { status: 429, headers: { "Retry-After": "0" } });
  const { fetch, requests } = service(limited(), limited(), limited(), limited(), new Response("well"));
  const limit: RetryPolicy["limit"] = ({ status, headers }) => (status === 429 ? retryAfter(headers) : undefined);

  expect((await sendRequest({ fetch }, get, { ...retries, limit })).body).toBe("well");
  expect(requests).toHaveLength(5);
});

test("a cancel ends the wait at once, and nothing is asked again", async () => {
  const { fetch, requests } = service(new Response("", { status: 503 }), new Response("too late"));
  const controller = new AbortController();
  const start = performance.now();
  const asked = sendRequest({ fetch, cancelled: controller.signal }, get, { ...retries, delay: () => 60_000 });
  setTimeout(() => controller.abort(), 50);

  await expect(asked).rejects.toThrow(new ProviderError("cancelled while it waited"));
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(requests).toHaveLength(1);
  await expect(pause(60_000, controller.signal)).rejects.toThrow("cancelled while it waited");
});

test("a broken connection is tried again where the request may be repeated", async () => {
  const { fetch, requests } = service(broken, Response.json("well"));

  expect((await sendRequest({ fetch }, get, retries)).body).toBe("well");
  expect(requests).toHaveLength(2);
});

test("a broken connection is an error that names the host and the reason, and nothing that was sent", async () => {
  const { fetch, requests } = service(broken);
  const request = { ...get, method: "POST", json: { secret: "hunter2" } } as const;

  await expect(sendRequest({ fetch }, request, retries)).rejects.toThrow(
    new ProviderError("POST https://service.example: no answer: read ECONNRESET"),
  );
  expect(requests).toHaveLength(1);
});
