import { applicationDisplayName } from "../../src/names.ts";
import { parseRepository } from "../../src/repository.ts";
import type { SecretEnd } from "../../src/settings/secret-end.ts";
import { directory } from "../cloud/entra/directory.ts";
import type { Store } from "../cloud/store.ts";

/**
 * Entra makes no secret that has ended already. So a stack that has such a secret is applied in the sandbox with a day to
 * come, and when that has been done the days pass at once.
 */

const millisecondsPerYear = 365 * 24 * 60 * 60 * 1000;

/** The file's text with a day to come in place of those that have passed. */
export function withDaysToCome(text: string, ended: readonly SecretEnd[]): string {
  const toCome = new Date(Date.now() + millisecondsPerYear).toISOString().slice(0, 10);
  const days = new Set(ended.map(({ day }) => day));
  return text.replace(/(secretExpires["']?\s*:\s*["']?)(\d{4}-\d\d-\d\d)/g, (written, key: string, day: string) =>
    days.has(day) ? key + toCome : written,
  );
}

/** Brings the secrets of a stack's identities to their end. */
export function letEnd(store: Store, repository: string, ended: readonly SecretEnd[]): void {
  const { applications } = directory(store);
  for (const { identity, day } of ended) {
    const name = applicationDisplayName(parseRepository(repository), identity);
    for (const { id, passwordCredentials } of applications.filter(({ displayName }) => displayName === name)) {
      const over = passwordCredentials.map((one) => ({ ...one, endDateTime: `${day}T00:00:00Z` }));
      applications.update(id, { passwordCredentials: over });
    }
  }
}
