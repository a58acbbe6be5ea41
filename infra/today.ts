/** The present day in UTC, as the ends of client secrets are told by it: `2026-11-30`. Nothing else asks the clock for it. */
export function presentDay(): string {
  return new Date().toISOString().slice(0, 10);
}
