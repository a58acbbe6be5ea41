import ora from "ora";

/**
 * Shows what a long step does, on standard error: a spinner on a terminal, a line for each new message elsewhere.
 * Shows nothing where the step reports nothing.
 */
export async function withProgress<T>(step: (progress: (message: string) => void) => Promise<T>): Promise<T> {
  const spinner = ora({ stream: process.stderr });
  const isShown = () => spinner.text !== "";
  try {
    const result = await step((message) => {
      if (spinner.text === message) return;
      spinner.text = message;
      if (!spinner.isSpinning) spinner.start();
      else if (!process.stderr.isTTY) process.stderr.write(`- ${message}\n`);
    });
    if (isShown()) spinner.succeed();
    return result;
  } catch (error) {
    if (isShown()) spinner.fail();
    throw error;
  }
}
