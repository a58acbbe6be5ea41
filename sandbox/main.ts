// npm run sandbox: the private internet, for a command or until it is ended.
import { Command } from "commander";
import pc from "picocolors";
import { describeParts, runInSandbox, useLocalSandbox, withUserErrors } from "./local.ts";
import type { Engine } from "./toolchain/engine.ts";

const whatItKeepsIn = `
A command is told of a proxy that knows the emulated services and nothing else, and of none of this machine's sign-ins.
What heeds the proxy (pulumi and its providers, feedpass, curl, git over https, pip, twine, gh, az, npm) reaches nothing
real. What does not heed it, as plain fetch() of Node before 22.21, has the network that you have. Files of your home folder
can be read.

Of this machine's environment a command has PATH, HOME, the terminal, the language and a few more, and no credential. Give
it others by name:
  npm run sandbox -- env NAME=value npx pulumi preview -s contoso-widgets`;

const command = new Command("npm run sandbox --")
  .description("Runs a command inside the private internet, or keeps it up until Ctrl-C.")
  .argument("[command...]", "the command, with its parameters")
  .option("--reset", "forget what earlier runs left: services, stacks and credentials")
  .addHelpText("after", whatItKeepsIn)
  .passThroughOptions()
  .action((words: string[], { reset = false }: { reset?: boolean }) =>
    withUserErrors(() => (words.length > 0 ? runOne(words, reset) : keepUp(reset))),
  );
await command.parseAsync();

function runOne(words: readonly string[], reset: boolean): Promise<number> {
  // Ctrl-C goes to the command too, and the sandbox ends after it.
  process.on("SIGINT", () => {});
  return useLocalSandbox({ reset }, ({ environment }) => runInSandbox(words, environment));
}

function keepUp(reset: boolean): Promise<number> {
  return useLocalSandbox({ reset, stays: true }, async ({ engine }) => {
    // Ctrl-C comes twice, from the terminal and from npm: the second must not disturb the end.
    const ended = new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    });
    process.stdout.write(howToUse(engine.parts));
    await ended;
    return 0;
  });
}

function howToUse(parts: Engine["parts"]): string {
  return `The sandbox is up: Entra, Microsoft Graph, Azure DevOps and GitHub at their own addresses, for its commands only.
${describeParts(parts)}

From another terminal a command joins it, for example
  ${pc.bold("npm run sandbox -- npx pulumi preview -s contoso-widgets")}
  ${pc.bold("npm run sandbox -- curl https://api.github.com/zen")}

Ctrl-C ends it and keeps its state; ${pc.bold("npm run sandbox -- --reset")} forgets it.
`;
}
