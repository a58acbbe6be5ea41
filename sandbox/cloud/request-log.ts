/** One request that reached an emulated service. Bodies and headers are not kept: they hold tokens. */
export interface LoggedRequest {
  readonly service: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The pattern of the route that answered, e.g. `/v1.0/applications/:id`; undefined where none did. */
  readonly route: string | undefined;
}

/** What was asked of the services since the start or the last `clear`. */
export class RequestLog {
  #entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
  }

  clear(): void {
    this.#entries = [];
  }

  all(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** Requests that no route answered. An emulation that is used beyond what it covers shows here. */
  uncovered(): readonly LoggedRequest[] {
    return this.#entries.filter((entry) => entry.route === undefined);
  }

  /** How many requests each service had. */
  perService(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const entry of this.#entries) counts[entry.service] = (counts[entry.service] ?? 0) + 1;
    return counts;
  }
}
