// Where the engine starts the program. It bundles the TypeScript of this folder and src/ on the fly (tens of
// milliseconds, against a third of a second for a TypeScript loader), so that what runs is always what is written, and
// no build step can be forgotten. docs/performance.md has the figures.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(
  dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json")),
  "../../.cache/feedpass",
);

const [bundle] = buildSync({
  entryPoints: [join(here, "program.ts")],
  bundle: true,
  write: false,
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  // What must be the same instance as the engine's runtime, or is CommonJS at heart, stays outside of the bundle.
  external: ["@pulumi/pulumi", "@pulumi/azuread", "@pulumi/github", "undici"],
}).outputFiles;
const file = join(cache, `program-${createHash("sha256").update(bundle.contents).digest("hex").slice(0, 16)}.mjs`);
if (!existsSync(file)) {
  // Several engines may start at once: each writes a file of its own and moves it into place whole.
  mkdirSync(cache, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, bundle.contents);
  renameSync(partial, file);
}

const { program } = await import(pathToFileURL(file).href);
export default program;
