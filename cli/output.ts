import { createInterface } from "node:readline/promises";
import picocolors from "picocolors";

export { visible } from "../src/report/visible.ts";

/** Results go to stdout, everything else to stderr, so that a script can read the one and a person the other. */

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

export type Colours = ReturnType<typeof picocolors.createColors>;

/** Colours for a terminal that wants them (https://no-color.org); otherwise functions that leave text as it is. */
export function coloursFor(stream: { readonly isTTY?: boolean }, environment = process.env): Colours {
  return picocolors.createColors(stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb");
}

/** Asks on the terminal. Anything but yes is no. */
export async function confirmed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
