import { describe, expect, test } from "vitest";
import { Progress } from "../../../cli/fleet/progress.ts";
import { coloursFor } from "../../../cli/output.ts";

const plain = coloursFor({});

function stream(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

describe("progress", () => {
  test("is a line for each stack that is done where there is no terminal", () => {
    const output = stream(false);
    const progress = new Progress(output, plain, 12);

    progress.start("widgets");
    progress.end("widgets", "2 to update", false, 1.234);
    progress.note("ending cleanly, please wait");
    progress.close();

    expect(output.written.join("")).toBe(" 1/12 widgets: 2 to update (1.2 s)\nending cleanly, please wait\n");
  });

  test("also rewrites a last line on a terminal, and takes it away at the end", () => {
    const output = stream(true);
    const progress = new Progress(output, plain, 2);

    progress.start("widgets");
    progress.start("gadgets");
    progress.end("gadgets", "failed", true, 1);
    progress.close();

    expect(output.written).toEqual([
      "\r\u001b[K0 of 2 done, now widgets",
      "\r\u001b[K0 of 2 done, now widgets, gadgets",
      "\r\u001b[K1/2 gadgets: failed (1.0 s)\n",
      "\r\u001b[K1 of 2 done, 1 failed, now widgets",
      "\r\u001b[K",
    ]);
  });

  test("fits the last line to the terminal", () => {
    const output = stream(true);
    const progress = new Progress(output, plain, 2);

    progress.start("a-stack-with-a-long-name-that-goes-beyond-the-width-of-it");

    expect(output.written.join("").length).toBe("\r\u001b[K".length + 59);
  });

  test("makes visible what a name hides", () => {
    const output = stream(false);
    const progress = new Progress(output, plain, 1);

    progress.end("a\u001b[2J", "failed", true, 0);

    expect(output.written.join("")).toContain("a\\u{1b}[2J: failed");
  });
});
