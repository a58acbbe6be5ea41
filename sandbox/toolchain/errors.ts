/** The engine cannot be had: the message says what the user can do about it, and is shown without a stack. */
export class EngineError extends Error {}
