/** Which errors are worth running the same command again for, and which need a person first. In the words of all tools. */

/** Somebody else has the stack's state: of a backend that is a folder or a container, and of Pulumi Cloud. */
const lockedWords = /the stack is currently locked by|another update is currently in progress|\[409\] Conflict/i;

/** A service that stumbles, has too many requests or cannot be reached. 501 is what a service will never do. */
const passingWords = [
  lockedWords,
  /\b(?:status(?: ?code)?|answers|HTTP\/[\d.]+|response|error)[ :=]*["']?(?:408|425|429|500|502|503|504)\b/i,
  /\b(?:429|500|502|503|504):? (?:Too Many Requests|Internal Server Error|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out)/i,
  /\b(?:secondary )?rate limit|too many requests|TooManyRequests|throttl|retry (?:later|after)/i,
  /cannot be reached|connection (?:reset|refused)|ECONNRESET|ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|socket hang up/i,
  /no such host|i\/o timeout|TLS handshake timeout|context deadline exceeded|unexpected EOF|timed? ?out/i,
  /ConcurrencyViolation|resource monitor is (?:terminating|shut down)|its process ended|program ended before its time/i,
];

/** Whether somebody else works on the stack, or has left a lock. */
export function isLocked(text: string): boolean {
  return lockedWords.test(text);
}

/**
 * Whether the same command may end well without anybody's doing: a network, a service that stumbles, a lock.
 * @param errors all that was said of one failure. One that nobody knows as passing needs a person
 */
export function isPassing(errors: readonly string[]): boolean {
  // What the program says of an error stands beside it.
  const telling = errors.filter((error) => !error.startsWith("what this means: "));
  return telling.length > 0 && telling.every((error) => passingWords.some((words) => words.test(error)));
}
