import { type RunTool, runTool } from "./command.ts";
import { type Environment, npmWrapper, type Plugin } from "./home.ts";

/** The site that the official installer, and through it the official parts, come from. */
const downloadSite = "https://get.pulumi.com/install.sh";

/** Whether the download site answers within five seconds. */
export async function isDownloadSiteReachable(): Promise<boolean> {
  try {
    const response = await fetch(downloadSite, { method: "HEAD", signal: AbortSignal.timeout(5000) });
    return response.ok;
  } catch {
    return false;
  }
}

/** Lets the npm package `pulumi` install the CLI and its language hosts where it looks for them. */
export async function downloadEngine(environment: Environment, run: RunTool = runTool): Promise<void> {
  await run({ file: process.execPath, args: [npmWrapper(), "version"], environment });
}

/** Lets the CLI install a provider's plugin. @returns whether it did */
export async function downloadPlugin(
  binary: string,
  plugin: Plugin,
  environment: Environment,
  run: RunTool = runTool,
): Promise<boolean> {
  const args = ["plugin", "install", "resource", plugin.name, plugin.version, "--non-interactive"];
  const { exitCode } = await run({ file: binary, args, environment });
  return exitCode === 0;
}
