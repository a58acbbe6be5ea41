const events = ["uncaughtException", "unhandledRejection"] as const;

/** The codes with which every call of the program fails once the engine is ending. https://grpc.io/docs/guides/status-codes/ */
const endingCodes = new Set<unknown>([1, 14]);

/** The SDK tells the engine of an error first: so much time it has. */
const tellingMilliseconds = 1000;

/**
 * Watches for what nobody catches in a program that runs in this process: a look-up that fails, a rejected promise. The
 * SDK tells the engine of it, and then waits for ever for what depends on it
 * (https://github.com/pulumi/pulumi/issues/14980); where the engine starts a program by itself, its process ends instead.
 * @param end stops the engine
 * @returns ends the watch, and takes away what the SDK leaves behind of a run that it never finishes
 */
export function watchUncaught(end: () => void): () => void {
  const before = events.map((event) => [event, new Set(process.rawListeners(event))] as const);
  let timer: NodeJS.Timeout | undefined;
  const notice = (error: unknown) => {
    if (endingCodes.has((error as { readonly code?: unknown } | undefined)?.code)) return;
    timer ??= setTimeout(end, tellingMilliseconds);
  };
  for (const event of events) process.on(event, notice);
  return () => {
    clearTimeout(timer);
    for (const [event, known] of before) {
      for (const listener of process.rawListeners(event)) {
        if (!known.has(listener)) process.off(event, listener as () => void);
      }
    }
  };
}
