import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createCertificates } from "./certificates.ts";
import { type Cloud, ConnectionResetError } from "./cloud/cloud.ts";

/** The way into the private internet. */
export interface Internet {
  /** The forward proxy, e.g. `http://127.0.0.1:40123`. */
  readonly proxyUrl: string;
  /** The certificate authority that signed for every host, PEM. */
  readonly authority: string;
  close(): Promise<void>;
}

/**
 * Opens a forward proxy on loopback that answers CONNECT for the cloud's hosts, ends TLS with a certificate of its own
 * authority, and refuses every other host. Clients use production URLs and cannot reach anything real. The hosts are those
 * that the cloud has when it is opened: a customer that comes later is not let in.
 */
export async function openInternet(cloud: Cloud, onRefused = reportRefused): Promise<Internet> {
  const hosts = new Set(cloud.hosts);
  const certificates = await createCertificates([...hosts]);
  const sockets = new Set<Socket>();

  const inner = createHttpsServer({ key: certificates.key, cert: certificates.certificate });
  inner.on("request", (incoming, outgoing) => {
    const listener = getRequestListener(
      async (request) => {
        try {
          const response = await cloud.fetch(request);
          // Some services put their message into the status line, and clients show it.
          if (response.statusText) outgoing.statusMessage = response.statusText;
          return response;
        } catch (error) {
          if (!(error instanceof ConnectionResetError)) throw error;
          incoming.socket.destroy();
          return new Response(null, { status: 502 });
        }
      },
      { overrideGlobalObjects: false, errorHandler: reportBroken },
    );
    void listener(incoming, outgoing);
  });

  const proxy: Server = createHttpServer((request, response) => {
    onRefused(request.url ?? "");
    response.writeHead(403, { "Content-Type": "text/plain" });
    response.end(`the sandbox refuses ${request.method} ${request.url}: only https, and only to emulated hosts\n`);
  });
  proxy.on("connect", (request, socket: Socket) => {
    const host = request.url?.replace(/:\d+$/, "") ?? "";
    socket.on("error", () => socket.destroy());
    if (!hosts.has(host) || !request.url?.endsWith(":443")) {
      onRefused(request.url ?? "");
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nthe sandbox has no service at ${host}\n`);
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    inner.emit("connection", socket);
  });
  proxy.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });

  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    proxyUrl: `http://127.0.0.1:${port}`,
    authority: certificates.authority,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

function reportRefused(target: string): void {
  process.stderr.write(`sandbox: refused a connection to ${target}: no service is emulated there\n`);
}

function reportBroken(error: unknown): Response {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
  return Response.json(
    { error: { code: "SandboxError", message: "the sandbox failed; see its output" } },
    { status: 500 },
  );
}
