import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { ConfigureRequest, type InvokeRequest as Invoke, InvokeRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { serve } from "../../../sandbox/offline/grpc-server.ts";
import { pause } from "../../../sandbox/offline/http.ts";
import type { ProviderDefinition } from "../../../sandbox/offline/providers/definition.ts";
import { createProviderService } from "../../../sandbox/offline/providers/service.ts";

// Proves that the engine's Cancel ends what a provider waits for, and not what it waits for on behalf of another engine.

const patient: ProviderDefinition = {
  name: "patient",
  version: "1.0.0",
  async configure(_config, { cancelled }) {
    return {
      resources: [],
      functions: {
        async forAnHour() {
          await pause(3_600_000, cancelled);
          return {};
        },
      },
    };
  },
};

async function openProvider() {
  const { port, close } = await serve(
    ResourceProviderService,
    createProviderService(patient, { environment: {}, fetch: globalThis.fetch }),
  );
  onTestFinished(close);
  return async () => {
    // Engines have connections of their own.
    const options = { "grpc.use_local_subchannel_pool": 1 };
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), options);
    onTestFinished(() => client.close());
    await answer((done) => client.configure(new ConfigureRequest(), done));
    return {
      cancel: () => answer((done) => client.cancel(new empty.Empty(), done)),
      waitForAnHour: () => answer((done) => client.invoke(forAnHour(), done)),
    };
  };
}

function forAnHour(): Invoke {
  const request = new InvokeRequest();
  request.setTok("forAnHour");
  return request;
}

/** Resolves with the error's words; empty where there is none. */
function answer(call: (done: (error: ServiceError | null) => void) => unknown): Promise<string> {
  return new Promise((resolve) => call((error) => resolve(error?.details ?? "")));
}

test("a cancel ends every wait of its engine at once, and those of no other", async () => {
  const connect = await openProvider();
  const [first, second] = [await connect(), await connect()];
  let hasEnded = false;
  const others = second.waitForAnHour().finally(() => {
    hasEnded = true;
  });
  const waits = [first.waitForAnHour(), first.waitForAnHour()];

  await first.cancel();

  expect(await Promise.all(waits)).toEqual(["cancelled while it waited", "cancelled while it waited"]);
  expect(await first.waitForAnHour()).toBe("cancelled while it waited");
  expect(hasEnded).toBe(false);
  await second.cancel();
  expect(await others).toBe("cancelled while it waited");
});
