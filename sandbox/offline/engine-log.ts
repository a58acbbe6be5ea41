import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import { maximumMessageSize } from "./grpc-server.ts";
import type { OutputSink } from "./run-process.ts";

/** A program's output on its way to the engine. */
export interface EngineLog extends OutputSink {
  /** Sends what is left, and waits until the engine has everything. */
  close(): Promise<void>;
}

/**
 * Shows a program's output as the engine shows that of a language host it started itself: line by line, blank lines
 * left out, each stream as one message that grows.
 * @param address the engine's, from the handshake
 */
export function createEngineLog(address: string): EngineLog {
  const client = new EngineClient(address, credentials.createInsecure(), {
    "grpc.max_send_message_length": maximumMessageSize,
  });
  const streams = { stdout: { id: 1, rest: "" }, stderr: { id: 2, rest: "" } };
  let sent = Promise.resolve();

  function send(line: string, streamId: number): void {
    if (line.trim() === "") return;
    const request = new engine.LogRequest();
    request.setSeverity(engine.LogSeverity.INFO);
    request.setMessage(line);
    request.setStreamid(streamId);
    sent = sent.then(() => new Promise((resolve) => client.log(request, () => resolve())));
  }

  return {
    write(name, text) {
      const stream = streams[name];
      const lines = (stream.rest + text).split(/(?<=\n)/);
      stream.rest = lines.at(-1)?.endsWith("\n") ? "" : (lines.pop() ?? "");
      for (const line of lines) send(line, stream.id);
    },
    async close() {
      for (const stream of Object.values(streams)) send(stream.rest, stream.id);
      await sent;
      client.close();
    },
  };
}
