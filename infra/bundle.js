// Makes TypeScript run on a plain Node: bundles an entry file and what it imports, and gives the result's address.
// What runs is always what is written, and no build step can be forgotten. docs/performance.md has the figures.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
// Beside the packages, so that what stays outside of a bundle is found from there.
const cache = join(root, "node_modules/.cache/feedpass");

/**
 * @param {string} entry the TypeScript file, an absolute path
 * @returns {Promise<string>} the address of the module to import
 */
export async function bundle(entry) {
  const file = join(cache, `${basename(entry, ".ts")}-${fingerprint()}.mjs`);
  if (!existsSync(file)) {
    // Several engines may start at once: each writes a file of its own and moves it into place whole.
    mkdirSync(cache, { recursive: true });
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, await build(entry));
    renameSync(partial, file);
  }
  return pathToFileURL(file).href;
}

/** Of every source that a bundle may hold, and of the packages. Reading them takes a few milliseconds. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const folder of ["src", "infra", "cli", "sdks"]) {
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (/\.(js|ts)$/.test(name)) hash.update(name).update(readFileSync(join(root, folder, name)));
    }
  }
  return hash
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")
    .slice(0, 16);
}

async function build(entry) {
  // Loaded only when there is something to build.
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "error",
    // What must be the same instance as the engine's runtime, or is CommonJS at heart, stays outside.
    external: [
      ...["@pulumi/pulumi", "@pulumi/policy", "@pulumi/azuread", "@pulumi/github"],
      ...["undici", "commander", "yaml", "cli-table3"],
    ],
  });
  return outputFiles[0].contents;
}
