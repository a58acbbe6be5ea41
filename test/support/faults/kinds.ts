import { type Cloud, ConnectionResetError } from "../../../sandbox/cloud/cloud.ts";
import type { Effect } from "../../../sandbox/cloud/faults.ts";

/**
 * What can go wrong with one request. `answer` lets the service act and answers; what is thrown closes the connection.
 */
export interface FaultKind {
  readonly name: string;
  /** Whether it makes sense for a request that only asks. A kill is for what was half made. */
  readonly onlyWrites?: boolean;
  /** Whether the run is over after it. */
  readonly kills?: "engine" | "program";
  strike(answer: () => Promise<Response>, cloud: Cloud): Promise<Response>;
}

/** The services' own answers to what they refuse, with how long to wait where they say that. */
function instead(effect: Effect): FaultKind["strike"] {
  return (answer, cloud) => {
    // It strikes the next request to be answered, which is this one.
    cloud.faults.add({ effect, times: 1 });
    return answer();
  };
}

async function lost(answer: () => Promise<Response>): Promise<Response> {
  await answer();
  throw new ConnectionResetError();
}

/** A gateway gives up on a service that goes on. */
async function gaveUp(answer: () => Promise<Response>): Promise<Response> {
  await answer();
  return new Response("upstream request timeout", { status: 504 });
}

export const faultKinds: readonly FaultKind[] = [
  { name: "401", strike: instead({ kind: "status", status: 401 }) },
  { name: "429", strike: instead({ kind: "status", status: 429, retryAfterSeconds: 1 }) },
  { name: "500", strike: instead({ kind: "status", status: 500 }) },
  { name: "502", strike: instead({ kind: "status", status: 502 }) },
  { name: "503", strike: instead({ kind: "status", status: 503, retryAfterSeconds: 1 }) },
  { name: "reset before the service acts", strike: instead({ kind: "reset" }) },
  { name: "reset after the service acted", strike: lost },
  { name: "504 after the service acted", strike: gaveUp },
  { name: "slow", strike: instead({ kind: "latency", milliseconds: 3_000 }) },
  { name: "lag", onlyWrites: true, strike: instead({ kind: "lag", reads: 2 }) },
  { name: "kill of the engine", onlyWrites: true, kills: "engine", strike: (answer) => answer() },
  { name: "kill of the program", onlyWrites: true, kills: "program", strike: (answer) => answer() },
];
