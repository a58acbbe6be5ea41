import { mismatch, type Problem, pathText } from "./problem.ts";
import type { IdentitySettings } from "./schema.ts";

/**
 * Client secrets end by themselves, when the day that the file says begins in UTC. Long before that it is told; and when
 * it has come, the file is as sound as before: what else it gives goes on, and only a new secret cannot be made any more.
 */

/** From so many days before its end on, a client secret is told of. */
const noticeDays = 30;
/** The longest life that Entra's own pages offer for a client secret is two years. */
const secretLifeDays = 730;
const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** A client secret whose end is near, or has come. */
export interface SecretEnd {
  readonly identity: string;
  /** Whether its jobs have another way to sign in: with `both`, GitHub's token. */
  readonly signIn: "secret" | "both";
  /** From the beginning of this day on, in UTC, Entra refuses it: `2027-06-30`. */
  readonly day: string;
  /** 1 on the day before; 0 and less when it has ended. */
  readonly daysLeft: number;
  readonly state: "ends soon" | "ended";
}

/**
 * The client secrets of which there is something to say on a day, in the order of the identities.
 * @param today the present day in UTC, e.g. `2026-11-30`
 */
export function secretEnds(identities: Readonly<Record<string, IdentitySettings>>, today: string): SecretEnd[] {
  return Object.entries(identities).flatMap(([identity, { signIn, secretExpires: day }]): SecretEnd[] => {
    if (signIn === "oidc" || day === undefined) return [];
    const daysLeft = daysUntil(day, today);
    if (daysLeft > noticeDays) return [];
    return [{ identity, signIn, day, daysLeft, state: daysLeft > 0 ? "ends soon" : "ended" }];
  });
}

export function hasEnded({ state }: SecretEnd): boolean {
  return state === "ended";
}

/** What is to be said of an end: where it is written, when it is, what it means and what to do. */
export function endWarning(end: SecretEnd): Problem {
  return warningOf(end, end.daysLeft === 1 ? ", tomorrow" : `, in ${end.daysLeft} days`);
}

/** The same for where it stands longer than a day: without how many days are left. */
export function lastingWarning(end: SecretEnd): Problem {
  return warningOf(end, "");
}

function warningOf({ identity, signIn, day, state }: SecretEnd, when: string): Problem {
  const renewal = "set a later day and apply the stack, which makes a new secret, or leave secrets behind: signIn oidc";
  const rest =
    signIn === "both" ? "its jobs sign in with GitHub's token alone" : `no job signs in as ${identity} any more`;
  const what =
    state === "ended" ? `the client secret ended on ${day}: ${rest}` : `the client secret ends on ${day}${when}`;
  return { path: endPath(identity), text: `${what}; ${renewal}` };
}

/** Entra makes no secret that has ended. @param today as for `secretEnds` */
export function unmakeable({ identity, day }: SecretEnd, today: string): Problem {
  const fix = "no secret can be made that has ended already: set a later day";
  return { path: endPath(identity), text: mismatch(day, possibleDays(today), fix) };
}

/** What is wrong with the end of a secret, on whatever day: that it is too far away. Undefined for nothing. */
export function tooLateAnEnd(day: string, today: string): string | undefined {
  if (daysUntil(day, today) <= secretLifeDays) return undefined;
  return mismatch(day, possibleDays(today), "no secret may last longer: set an earlier day");
}

/** The days on which a secret that is made now can end, in words. @param today undefined where that is not known */
export function possibleDays(today: string | undefined): string {
  if (today === undefined) return "a day";
  const start = Date.parse(today);
  return `a day from ${dayOf(start + millisecondsPerDay)} to ${dayOf(start + secretLifeDays * millisecondsPerDay)}`;
}

const endPath = (identity: string): string => pathText(["identities", identity, "secretExpires"]);

/** A day without a time is a moment in UTC, and there every day is as long as another. */
function daysUntil(day: string, today: string): number {
  return (Date.parse(day) - Date.parse(today)) / millisecondsPerDay;
}

/** A moment's day, e.g. `2027-06-30`. */
function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
