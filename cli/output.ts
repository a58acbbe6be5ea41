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
