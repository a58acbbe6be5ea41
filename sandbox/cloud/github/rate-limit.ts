/** The state of one caller's hourly budget after a request. */
export interface RateLimit {
  readonly limit: number;
  readonly used: number;
  /** When the budget is whole again, in seconds since 1970. */
  readonly reset: number;
  readonly exceeded: boolean;
}

/** Requests per hour (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
export const hourlyLimits = { anonymous: 60, user: 5000, installation: 5000 } as const;

const hour = 60 * 60 * 1000;

/** The primary rate limits. They are counted in memory: a budget is nothing to save. */
export class RateLimits {
  readonly #windows = new Map<string, { used: number; ends: number }>();

  /** Counts one request of the caller; a refused one is not counted. */
  take(caller: string, limit: number, now: number): RateLimit {
    const window = this.#window(caller, now);
    const exceeded = window.used >= limit;
    if (!exceeded) window.used++;
    return { limit, used: window.used, reset: Math.ceil(window.ends / 1000), exceeded };
  }

  /** Takes back a request that does not count: one whose answer was "not modified". */
  giveBack(caller: string, limit: number, now: number): RateLimit {
    const window = this.#window(caller, now);
    if (window.used > 0) window.used--;
    return { limit, used: window.used, reset: Math.ceil(window.ends / 1000), exceeded: false };
  }

  #window(caller: string, now: number): { used: number; ends: number } {
    const current = this.#windows.get(caller);
    if (current && now < current.ends) return current;
    const fresh = { used: 0, ends: now + hour };
    this.#windows.set(caller, fresh);
    return fresh;
  }
}
