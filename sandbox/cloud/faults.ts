/**
 * Faults that can be switched on, as the real services have them.
 * - `status`: answers with this status (429 and 503 with `Retry-After`) instead of the service.
 * - `reset`: closes the connection without an answer.
 * - `latency`: waits, then lets the service answer.
 * - `lag`: lets the service answer, and hides what a POST created from the first `reads` GETs of its own URL: the
 *   replication lag of directories (https://learn.microsoft.com/graph/best-practices-concept).
 */
export type Effect =
  | { readonly kind: "status"; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: "reset" }
  | { readonly kind: "latency"; readonly milliseconds: number }
  | { readonly kind: "lag"; readonly reads: number };

export interface Fault {
  readonly effect: Effect;
  /** Only requests to this service, e.g. `graph`. Default: all. */
  readonly service?: string;
  /** Only this method. Default: all. */
  readonly method?: string;
  /** Only paths that match. Default: all. */
  readonly path?: RegExp;
  /** How often the fault strikes before it is gone. Default: until it is cleared. */
  readonly times?: number;
}

export interface FaultTarget {
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

/** The faults in force. */
export class Faults {
  #rules: { fault: Fault; left: number }[] = [];
  #hidden = new Map<string, number>();

  add(fault: Fault): void {
    this.#rules.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#rules = [];
    this.#hidden.clear();
  }

  /** The effects that strike this request; each counts as one strike. */
  strike(target: FaultTarget): Effect[] {
    const struck = this.#rules.filter(
      ({ fault, left }) =>
        left > 0 &&
        (fault.service ?? target.service) === target.service &&
        (fault.method ?? target.method) === target.method &&
        (fault.path?.test(target.path) ?? true),
    );
    for (const rule of struck) rule.left--;
    return struck.map((rule) => rule.fault.effect);
  }

  /** Hides the URL from the next GETs. */
  hide(url: string, reads: number): void {
    this.#hidden.set(url, reads);
  }

  /** Whether a GET of the URL still has to miss what is there. Counts the read. */
  isHidden(url: string): boolean {
    const left = this.#hidden.get(url) ?? 0;
    if (left <= 0) return false;
    this.#hidden.set(url, left - 1);
    return true;
  }
}
