import { expect, onTestFinished, test } from "vitest";
import { createCloud } from "../../../sandbox/cloud/cloud.ts";
import { openInternet } from "../../../sandbox/internet.ts";
import { createSandboxHost } from "../../../sandbox/offline/host.ts";
import { sendRequest } from "../../../sandbox/offline/http.ts";
import { startProviders } from "../../../sandbox/offline/providers/start.ts";
import { createToyService, toyProvider } from "../../support/toy-provider.ts";

test("leads to the sandbox's services, and to nothing else", async () => {
  const refused: string[] = [];
  const cloud = createCloud({ services: [() => createToyService().service] });
  const internet = await openInternet(cloud, (target) => refused.push(target));
  const host = createSandboxHost(internet, { COLOUR: "red" });
  onTestFinished(async () => {
    await host.close();
    await internet.close();
  });

  const inside = await sendRequest(host, { method: "GET", url: "https://toy.example/shelf" });
  const outside = sendRequest(host, { method: "GET", url: "https://graph.microsoft.com/v1.0/applications" });

  expect(inside).toMatchObject({ status: 200, body: [] });
  await expect(outside).rejects.toThrow(/^GET https:\/\/graph.microsoft.com: no answer: /);
  expect(refused).toEqual(["graph.microsoft.com:443"]);
  expect(host.environment).toEqual({ COLOUR: "red" });
});

test("does not lead through a proxy elsewhere", () => {
  expect(() => createSandboxHost({ proxyUrl: "http://proxy.example:3128", authority: "" }, {})).toThrow(
    "the offline providers run in the sandbox only, not behind http://proxy.example:3128",
  );
});

test("the providers do not start with another host", async () => {
  const host = { environment: {}, fetch: globalThis.fetch, close: async () => {} };

  await expect(startProviders({ definitions: [toyProvider], host })).rejects.toThrow(
    "the offline providers run in the sandbox only",
  );
});
