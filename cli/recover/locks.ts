/** A lock that an engine has put on a stack's state. */
export interface Lock {
  /** `file` for a backend that is a folder, `azblob` for a container. */
  readonly scheme: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly since: string;
}

/** This machine, as the engine would write it into a lock. */
export interface Machine {
  readonly user: string;
  readonly host: string;
  /** Whether a process of this number runs. */
  readonly isAlive: (pid: number) => boolean;
  /** Machines of GitHub's have the same names over and over. */
  readonly isShared: boolean;
}

/** The locks that the engine's refusal names: `URL: created by USER@HOST (pid N) at TIME`. */
export function locksIn(words: string): Lock[] {
  const found = words.matchAll(/(\w+):\/\/\S+: created by (.+)@(\S+) \(pid (\d+)\) at (\S+)/g);
  return [...found].map(([, scheme = "", user = "", host = "", pid, since = ""]) => {
    return { scheme, user, host, pid: Number(pid), since };
  });
}

/**
 * Whether the process that made a lock has ended. Of another machine nobody here can tell; in a container that GitHub's
 * machines share, a name is no proof either, and a backend that is a folder is this machine's own.
 */
export function isDead({ scheme, user, host, pid }: Lock, machine: Machine): boolean {
  if (host !== machine.host || user !== machine.user) return false;
  if (machine.isShared && scheme !== "file") return false;
  return !machine.isAlive(pid);
}

/** `by root@vm (process 1530) since 2026-11-29T01:24:31Z` */
export function lockWords({ user, host, pid, since }: Lock): string {
  return `by ${user}@${host} (process ${pid}) since ${since}`;
}
