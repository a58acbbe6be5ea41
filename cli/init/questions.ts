import { createInterface } from "node:readline/promises";
import { visible } from "../output.ts";

/** Asks whoever sits at the terminal. */
export interface Questions {
  /** @param suggestion taken where nothing is typed */
  text(question: string, suggestion?: string): Promise<string>;
  choose<T extends string>(question: string, choices: readonly T[], suggestion: T): Promise<T>;
  close(): void;
}

/** Questions on this terminal; undefined where there is none. They go to stderr, and so does the answers' echo. */
export function terminalQuestions(): Questions | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return questionsBy(
    (text) => terminal.question(text),
    () => terminal.close(),
  );
}

/** @param ask shows a text and gives the line that is typed */
export function questionsBy(ask: (text: string) => Promise<string>, close: () => void = () => {}): Questions {
  async function text(question: string, suggestion?: string): Promise<string> {
    const hint = suggestion === undefined ? "" : ` (${visible(suggestion)})`;
    for (;;) {
      const answer = (await ask(`${question}${hint}: `)).trim() || suggestion;
      if (answer) return answer;
    }
  }
  return {
    text,
    async choose(question, choices, suggestion) {
      const list = choices.map((choice, index) => `  ${index + 1} ${visible(choice)}`).join("\n");
      const own = String(choices.indexOf(suggestion) + 1);
      for (;;) {
        const answer = await text(`${question}\n${list}\nnumber`, own);
        const chosen = choices.find((choice, index) => answer === choice || answer === String(index + 1));
        if (chosen !== undefined) return chosen;
      }
    },
    close,
  };
}
