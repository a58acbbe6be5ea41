// Makes TypeScript run on a plain Node: bundles an entry file and what it imports, and gives the result's address. It
// takes tens of milliseconds, against a third of a second for a TypeScript loader, so that what runs is always what is
// written, and no build step can be forgotten. docs/performance.md has the figures.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

// Beside the packages, so that what stays outside of the bundle is found from there.
const cache = fileURLToPath(new URL("../node_modules/.cache/feedpass", import.meta.url));

/**
 * @param {string} entry the TypeScript file
 * @returns {string} the address of the module to import
 */
export function bundle(entry) {
  const [output] = buildSync({
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
    external: ["@pulumi/pulumi", "@pulumi/azuread", "@pulumi/github", "undici", "commander", "yaml", "cli-table3"],
  }).outputFiles;
  const hash = createHash("sha256").update(output.contents).digest("hex").slice(0, 16);
  const file = join(cache, `${basename(entry, ".ts")}-${hash}.mjs`);
  if (!existsSync(file)) {
    // Several engines may start at once: each writes a file of its own and moves it into place whole.
    mkdirSync(cache, { recursive: true });
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, output.contents);
    renameSync(partial, file);
  }
  return pathToFileURL(file).href;
}
