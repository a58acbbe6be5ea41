/** How long the program goes on asking a service that gives no answer to go by. */
export interface Patience {
  /** Seconds that one question may take in all, its waits included. */
  readonly limit: number;
  /** Milliseconds that a second of waiting takes; tests have shorter ones. */
  readonly second: number;
  /** Is told of every wait that a user would notice. */
  readonly tell: (text: string) => void;
}

/**
 * Two minutes: longer than services ask to wait where they are only busy, and shorter than anybody looks at a preview that
 * does nothing. A limit for an hour is told at once instead.
 */
export const usualPatience: Patience = { limit: 120, second: 1000, tell: () => undefined };

/** How often a question is asked at most: with pauses of 1, 2, 4, 8 and 16 seconds where the service names none. */
export const mostAttempts = 6;

/** How often something is looked for that was just made, and is not there: within 7 seconds. */
const mostLooks = 4;

/** Seconds that may pass without a word. */
const shortWait = 2;

/** How a sentence about a failed question ends where there is nothing more to say. */
export const runItAgain = "; run it again";

/** Why a question may have to be asked again. */
export interface Refusal {
  readonly method: string;
  /** Undefined where the connection broke before there was an answer. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** What is asked for was just made, so that 404 may mean that it does not show yet. Default: false. */
  readonly isExpected?: boolean | undefined;
  /** Whether a POST may be sent twice. Default: false. All else that the program sends ends the same when it is repeated. */
  readonly isRepeatable?: boolean | undefined;
}

/**
 * Seconds to wait before a question is asked again; undefined where that is of no use. Services say it by Retry-After, in
 * seconds or as a date (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3), by x-ratelimit-reset
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api,
 * https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits), or not at all.
 * @param asked how often it was asked
 * @param now in milliseconds
 */
export function pauseAfter(refusal: Refusal, asked: number, now: number): number | undefined {
  if (asked >= mostAttempts || !isWorthAnother(refusal, asked)) return undefined;
  return saidPause(refusal.headers, now) ?? 2 ** (asked - 1);
}

function isWorthAnother({ method, status, headers, isExpected, isRepeatable }: Refusal, asked: number): boolean {
  // What a limit refuses was not done.
  if (status === 429 || (status === 403 && isLimited(headers))) return true;
  if (status === 404) return isExpected === true && asked < mostLooks;
  const maySucceed = status === undefined || status === 408 || (status >= 500 && status !== 501);
  // What was begun may have been done, though its answer was lost.
  return maySucceed && (method !== "POST" || isRepeatable === true);
}

/** GitHub also says by 403 that there was too much: other answers of that status have neither of these. */
function isLimited(headers: Refusal["headers"]): boolean {
  return headers["retry-after"] !== undefined || String(headers["x-ratelimit-remaining"]) === "0";
}

function saidPause(headers: Refusal["headers"], now: number): number | undefined {
  const after = headers["retry-after"];
  if (after !== undefined && after !== "") {
    const seconds = Number(after);
    if (seconds >= 0) return Math.ceil(seconds);
    return untilDate(Date.parse(String(after)), now);
  }
  // Other answers have it, too: there it tells when the count begins anew.
  if (String(headers["x-ratelimit-remaining"]) !== "0") return undefined;
  return untilDate(Number(headers["x-ratelimit-reset"]) * 1000, now);
}

function untilDate(date: number, now: number): number | undefined {
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** What breaks a connection that was there, or comes too late. A host that is not known stays unknown. */
const cutOff: ReadonlySet<unknown> = new Set([
  ...["ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN"],
  ...["UND_ERR_SOCKET", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"],
]);

/** Whether a request failed so that the next one may get an answer. */
export function wasCutOff(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && cutOff.has(error.code)) || wasCutOff(error.cause);
}

/** One question to a service, however often it has to be asked. */
export class Question {
  /** Ends a request that takes longer than the question may. */
  readonly signal: AbortSignal;
  readonly #service: string;
  readonly #patience: Patience;
  readonly #begun = Date.now();
  #asked = 0;
  #ending = runItAgain;

  /** @param service as the user is told of it */
  constructor(service: string, patience: Patience) {
    this.#service = service;
    this.#patience = patience;
    this.signal = AbortSignal.timeout(patience.limit * patience.second);
  }

  /** Seconds to wait before it is asked again, after this refusal; undefined where that is of no use. Tells long waits. */
  pause(refusal: Refusal): number | undefined {
    this.#asked++;
    const { status } = refusal;
    const why = status === undefined ? "gave no answer" : `answered ${status}`;
    return this.#within(pauseAfter(refusal, this.#asked, Date.now()), why);
  }

  /** The same where somebody else has found out how long it takes. @param why as it goes on after the service's name */
  pauseFor(seconds: number, why: string): number | undefined {
    this.#asked++;
    return this.#within(this.#asked < mostAttempts ? seconds : undefined, why);
  }

  /** How often it was asked, and when to run it again: what ends the sentence about its last answer. */
  get ending(): string {
    return this.#ending;
  }

  /** Whether it was asked more often than once, or would have been. */
  get wasInsisted(): boolean {
    return this.#ending !== runItAgain;
  }

  #within(pause: number | undefined, why: string): number | undefined {
    const { limit, second, tell } = this.#patience;
    const taken = (Date.now() - this.#begun) / second;
    const times = this.#asked === 1 ? "" : `, asked ${this.#asked} times in ${Math.round(taken)} s`;
    if (pause === undefined) {
      this.#ending = `${times}${runItAgain}`;
      return undefined;
    }
    if (taken + pause > limit) {
      const then = new Date(Date.now() + pause * 1000).toISOString().slice(11, 16);
      this.#ending = `${times}, and asks to wait ${pause} s: longer than the ${limit} s of one question; run it again after ${then} UTC`;
      return undefined;
    }
    if (pause > shortWait) tell(`${this.#service} ${why}: asked again in ${pause} s`);
    return pause;
  }
}
