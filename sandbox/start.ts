// npm start: the main job, from nothing, with no cloud account.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import pc from "picocolors";
import { readAccess, renderAccess, type StackOutputs } from "./access-map.ts";
import { type Environment, mergedEnvironment } from "./environment.ts";
import { describeParts, runInSandbox, UserError, useLocalSandbox, withUserErrors } from "./local.ts";
import { createSandboxHost } from "./offline/host.ts";
import { withProgress } from "./progress.ts";
import { openPython, readStack } from "./rehearsal/open.ts";
import { rehearse } from "./rehearsal/rehearse.ts";
import { renderRehearsal } from "./rehearsal/render.ts";
import { stageStack } from "./rehearsal/staging.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Engine } from "./toolchain/engine.ts";

const stack = "contoso-widgets";

await withUserErrors(() =>
  useLocalSandbox({}, async ({ environment, engine, own }) => {
    heading("The sandbox is up: Entra, Microsoft Graph, Azure DevOps and GitHub, on this machine only");
    process.stdout.write(`${describeParts(engine.parts)}\n`);

    heading(`The stack file stacks/Pulumi.${stack}.yaml becomes access`);
    await pulumi(environment, "stack", "select", stack, "--create");
    await pulumi(environment, "up", "--stack", stack, "--yes", "--skip-preview", "--suppress-outputs");

    heading("A second time there is nothing to do");
    await pulumi(
      environment,
      "up",
      "--stack",
      stack,
      "--yes",
      "--skip-preview",
      "--suppress-outputs",
      "--expect-no-changes",
    );

    const outputs = await stackOutputs(environment);
    heading(`Who may do what on the feed of ${outputs.repository}, as the services answer`);
    process.stdout.write(`${renderAccess(await readAccess(hostOf(environment), outputs))}\n`);

    heading(`The workflow of ${outputs.repository} runs, and what must not work is refused`);
    const agrees = await rehearseStack(engine, own);
    process.stdout.write(nextSteps());
    return agrees ? 0 : 1;
  }),
);

function heading(text: string): void {
  process.stdout.write(`\n${pc.bold(text)}\n`);
}

/** The real engine, as a person would run it, on this terminal. */
async function pulumi(environment: Environment, ...args: string[]): Promise<void> {
  process.stdout.write(pc.dim(`$ npx pulumi ${args.join(" ")}\n`));
  const exitCode = await runInSandbox(["pulumi", ...args], environment);
  if (exitCode !== 0) throw new UserError(`pulumi ${args[0]} ended with ${exitCode}`);
}

async function stackOutputs(environment: Environment): Promise<StackOutputs> {
  const { stdout } = await execa("pulumi", ["stack", "output", "--json", "--stack", stack], {
    env: mergedEnvironment(environment),
    extendEnv: false,
    preferLocal: true,
  });
  return JSON.parse(stdout);
}

/**
 * Tries what the stack gives with real clients, in a copy of the sandbox. One that is another process's cannot be copied:
 * then the stack is applied again, in a sandbox of its own.
 * @returns whether everything went as the file says; true where nothing could be tried
 */
async function rehearseStack(engine: Engine, own: Sandbox | undefined): Promise<boolean> {
  const python = await openPython();
  if (!python.available) {
    process.stdout.write(`${pc.yellow(`Left out, as it needs pip, build and twine: ${python.reason}`)}\n`);
    return true;
  }
  const staged = readStack(stack, fileURLToPath(new URL("..", import.meta.url)));
  const { tools } = python;
  const { settings } = staged;
  const rehearsal = await withProgress(async (onProgress) => {
    const { state } = own ? { state: own.cloud.store.snapshot() } : await stageStack(staged, engine);
    return rehearse({ state, settings, tools, onProgress });
  });
  process.stdout.write(`${renderRehearsal(rehearsal, process.stdout.columns)}\n`);
  return rehearsal.agrees;
}

/** The way into the sandbox, from what its commands are told. */
function hostOf(environment: Environment) {
  const { HTTPS_PROXY: proxyUrl = "", SSL_CERT_FILE: authorityFile = "" } = environment;
  return createSandboxHost({ proxyUrl, authority: readFileSync(authorityFile, "utf8") }, environment);
}

function nextSteps(): string {
  const step = (command: string, what: string) => `  ${pc.bold(command.padEnd(72))} ${what}\n`;
  return `
Next
${step(`npm run sandbox -- npx pulumi preview -s ${stack}`, "edit the stack file first, and see the change")}${step(
  `npm run sandbox -- npx pulumi refresh -s ${stack} --preview-only`,
  "see what drifted",
)}${step(`npm run sandbox -- npx pulumi destroy -s ${stack}`, "take it all back")}${step(`npx feedpass rehearse ${stack}`, "try a changed file before anybody relies on it")}${step("npm run sandbox", "keep the sandbox up, for other terminals to join")}`;
}
