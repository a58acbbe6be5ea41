import { randomInt } from "node:crypto";
import type { StoredPassword } from "../entra/directory.ts";
import { storePassword } from "../entra/directory-objects.ts";
import { refusals } from "./errors.ts";
import type { Shape } from "./odata.ts";

/** A password as it is kept, and the secret that is shown this once. */
export interface MadePassword {
  readonly stored: StoredPassword;
  readonly secretText: string;
}

/**
 * Makes a client secret, valid from now for two years where the body says nothing else.
 * https://learn.microsoft.com/graph/api/application-addpassword
 * @param body the `passwordCredential` of the request
 * @param now milliseconds
 * @throws GraphError 400 for dates that cannot be
 */
export function makePassword(body: Shape, now: number): MadePassword {
  const start = readTime(body.startDateTime, "startDateTime") ?? now;
  const end = readTime(body.endDateTime, "endDateTime") ?? twoYearsAfter(start);
  if (end <= start || end <= now) throw refusals.badRequest("Password credential end date is invalid.");
  const secretText = newSecret();
  const stored = storePassword(secretText, {
    keyId: crypto.randomUUID(),
    displayName: typeof body.displayName === "string" ? body.displayName : null,
    startDateTime: isoTime(start),
    endDateTime: isoTime(end),
  });
  return { stored, secretText };
}

function readTime(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw refusals.invalidValue(name, "PasswordCredential");
  return time;
}

function twoYearsAfter(start: number): number {
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + 2);
  return end.getTime();
}

const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(".000Z", "Z");

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const secretCharacters = `${letters}._~-`;

/** 40 characters with `8Q~` at the fourth, by which scanners know the directory's secrets. */
function newSecret(): string {
  const draw = (from: string, count: number): string =>
    Array.from({ length: count }, () => from.charAt(randomInt(from.length))).join("");
  return `${draw(letters, 3)}8Q~${draw(secretCharacters, 34)}`;
}
