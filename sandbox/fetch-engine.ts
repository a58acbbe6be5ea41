// npm run engine:fetch: puts the engine and its plugins in place, each held against engine-checksums.json first.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withUserErrors } from "./local.ts";
import { withProgress } from "./progress.ts";
import { checksumsFile, parseChecksums } from "./toolchain/checksums.ts";
import { fetchEngine } from "./toolchain/fetch.ts";

const file = fileURLToPath(new URL(`../${checksumsFile}`, import.meta.url));

await withUserErrors(async () => {
  const checksums = parseChecksums(readFileSync(file, "utf8"));
  const fetched = await withProgress((onProgress) => fetchEngine({ checksums, onProgress }));
  process.stderr.write(fetched.length === 0 ? "the engine and its plugins are there\n" : `fetched ${fetched.length}\n`);
  return 0;
});
