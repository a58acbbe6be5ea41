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
  if (!existsSync(file)) await write(entry, file);
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

async function write(entry, file) {
  // Loaded only when there is something to build.
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "error",
    // What must be the same instance as the engine's runtime, or is CommonJS at heart, stays outside.
    external: [
      ...["@pulumi/pulumi", "@pulumi/policy", "@pulumi/azuread", "@pulumi/github"],
      ...["undici", "@azure/msal-node", "commander", "cli-table3"],
    ],
    // Its form for browsers is made of modules: the bundle holds what is used of it, and starts it when it is used.
    alias: { yaml: join(root, "node_modules/yaml/browser/index.js") },
  });
  mkdirSync(cache, { recursive: true });
  // The map first: the bundle tells that both are there. Several engines may start at once, so each writes files of its
  // own and moves them into place whole.
  for (const { path, contents } of outputFiles) {
    const partial = `${path}.${process.pid}`;
    writeFileSync(partial, contents);
    renameSync(partial, path);
  }
}
