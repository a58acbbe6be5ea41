import { type Colours, visible } from "../output.ts";

/** Where progress is shown. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** One line for each stack that is done; on a terminal also a last line that is rewritten, with what runs. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #colours: Colours;
  readonly #total: number;
  readonly #running = new Set<string>();
  #done = 0;
  #failed = 0;
  #note = "";

  constructor(stream: ProgressStream, colours: Colours, total: number) {
    this.#stream = stream;
    this.#colours = colours;
    this.#total = total;
  }

  start(stack: string): void {
    this.#running.add(stack);
    this.#rewrite();
  }

  /** @param words how it went, e.g. `2 to update` */
  end(stack: string, words: string, hasFailed: boolean, seconds: number): void {
    this.#running.delete(stack);
    this.#done += 1;
    if (hasFailed) this.#failed += 1;
    const colour = hasFailed ? this.#colours.red : (text: string) => text;
    const count = `${String(this.#done).padStart(String(this.#total).length)}/${this.#total}`;
    this.say(`${count} ${visible(stack)}: ${colour(words)} (${seconds.toFixed(1)} s)`);
  }

  /** A line that stays. */
  say(line: string): void {
    this.#stream.write(`${this.#clear()}${line}\n`);
    this.#rewrite();
  }

  /** What the last line ends with from now on; without a terminal a line of its own. */
  note(text: string): void {
    this.#note = text;
    if (this.#stream.isTTY) this.#rewrite();
    else this.say(text);
  }

  /** Takes the last line away. */
  close(): void {
    this.#running.clear();
    this.#stream.write(this.#clear());
  }

  #rewrite(): void {
    if (!this.#stream.isTTY || this.#running.size === 0) return;
    const failed = this.#failed === 0 ? "" : `, ${this.#failed} failed`;
    const note = this.#note === "" ? "" : ` (${this.#note})`;
    const line = `${this.#done} of ${this.#total} done${failed}${note}, now ${[...this.#running].map(visible).join(", ")}`;
    this.#stream.write(`${this.#clear()}${line.slice(0, (this.#stream.columns || 80) - 1)}`);
  }

  #clear(): string {
    return this.#stream.isTTY ? "\r\u001b[K" : "";
  }
}
