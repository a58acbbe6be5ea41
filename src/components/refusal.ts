import * as pulumi from "@pulumi/pulumi";

/**
 * Ends the program with a message for the user, also from within an output. The runtime would put the path of each
 * property that waited for the output before the message; what is said here stays as it is.
 */
export class Refusal extends pulumi.RunError {
  readonly #message: string;

  constructor(message: string) {
    // Without a message: the one that an error holds itself would hide the accessors.
    super();
    this.#message = message;
  }

  override get message(): string {
    return this.#message;
  }

  override set message(_augmented: string) {}
}
