import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Where a sandbox that is up answers to other processes of this machine: that it is, or that it ends. */
export interface Door {
  /** With a word that nobody else answers to: a process id or a port may be another program's by the time it is asked. */
  readonly address: string;
  /** Has it say from now on that the sandbox ends. */
  announceEnd(): void;
  close(): Promise<void>;
}

/** What is behind the address: the sandbox, that or ending; somebody else or nobody; or something that says nothing. */
export type Behind = "up" | "ending" | "other" | "silent";

export async function openDoor(): Promise<Door> {
  const path = `/${crypto.randomUUID()}`;
  let answer: Behind = "up";
  const server = createServer((incoming, response) => {
    response.writeHead(incoming.url === path ? 200 : 404, { Connection: "close" });
    response.end(incoming.url === path ? answer : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${path}`,
    announceEnd() {
      answer = "ending";
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @param patience milliseconds until what says nothing is `silent` */
export function knock(address: string, patience = 3000): Promise<Behind> {
  return new Promise((resolve) => {
    const asked = request(address, { agent: false, signal: AbortSignal.timeout(patience) }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("error", () => resolve("other"));
      response.on("end", () => resolve(response.statusCode === 200 && isOwn(text) ? text : "other"));
    });
    asked.on("error", (error) => resolve(error.name === "AbortError" ? "silent" : "other"));
    asked.end();
  });
}

function isOwn(text: string): text is "up" | "ending" {
  return text === "up" || text === "ending";
}
