import type { Cloud } from "../../../sandbox/cloud/cloud.ts";
import type { Snapshot } from "../../../sandbox/cloud/store.ts";

/** One request that changed something. */
export interface Write {
  /** `PUT api.github.com/repos/…` */
  readonly what: string;
  /** What the services knew after it. */
  readonly after: Snapshot;
}

/** What becomes of a request that changes something. */
type Handler = (request: Request, answer: () => Promise<Response>) => Promise<Response>;

/** Tokens are asked for by POST, and nothing is made of it. */
const isWrite = ({ method, url }: Request) => method !== "GET" && method !== "HEAD" && !url.includes("/oauth2/");

/** Lets the handler answer what changes something, one at a time, until it is taken back. */
function interceptWrites(cloud: Cloud, handler: Handler): () => void {
  const { fetch } = cloud;
  let turn: Promise<unknown> = Promise.resolve();
  const replaced = (request: Request): Promise<Response> => {
    const answer = () => fetch.call(cloud, request);
    if (!isWrite(request)) return answer();
    const mine = turn.then(() => handler(request, answer));
    turn = mine.catch(() => undefined);
    return mine;
  };
  Object.assign(cloud, { fetch: replaced });
  return () => {
    Object.assign(cloud, { fetch });
  };
}

/** How a change is stopped. */
export type Stop = "failure" | "kill";

/**
 * Stops a change at one of its requests: by a failure in the place of the answer, or once it is answered, for the caller
 * to end the engine.
 * @param number of the request, from 1
 */
export function stopAt(cloud: Cloud, number: number, stop: Stop, kill: () => void): () => void {
  let count = 0;
  return interceptWrites(cloud, async (_request, answer) => {
    count += 1;
    if (count !== number) return answer();
    if (stop === "failure") {
      cloud.faults.add({ effect: { kind: "status", status: 403 }, times: 1 });
      return answer();
    }
    const response = await answer();
    kill();
    return response;
  });
}

/** Calls `kill` once the first request that is the one is answered, and never again. */
export function killAt(cloud: Cloud, isTheOne: (what: string) => boolean, kill: () => void): () => void {
  let isDone = false;
  return interceptWrites(cloud, async (request, answer) => {
    const { host, pathname } = new URL(request.url);
    const response = await answer();
    if (!isDone && isTheOne(`${request.method} ${host}${pathname}`)) {
      isDone = true;
      kill();
      // The engine must not hear of it before it is gone.
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return response;
  });
}

/** Writes down what the services know after each request that changes something. */
export function recordWrites(cloud: Cloud): { readonly writes: readonly Write[]; stop(): void } {
  const writes: Write[] = [];
  const stop = interceptWrites(cloud, async (request, answer) => {
    const response = await answer();
    const { host, pathname } = new URL(request.url);
    writes.push({ what: `${request.method} ${host}${pathname} (${response.status})`, after: cloud.store.snapshot() });
    return response;
  });
  return { writes, stop };
}
