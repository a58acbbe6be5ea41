import { hostname, userInfo } from "node:os";
import type { Machine } from "./locks.ts";

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return {
    user: userInfo().username,
    host: hostname(),
    isAlive,
    isShared: process.env.GITHUB_ACTIONS === "true",
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's is one.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
