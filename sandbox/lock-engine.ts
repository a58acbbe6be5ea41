// npm run engine:lock: writes engine-checksums.json from what Pulumi publishes for the pinned versions.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withUserErrors } from "./local.ts";
import { withProgress } from "./progress.ts";
import { checksumsFile, publishedChecksums, renderChecksums } from "./toolchain/checksums.ts";

const file = fileURLToPath(new URL(`../${checksumsFile}`, import.meta.url));

await withUserErrors(async () => {
  const sums = await withProgress((onProgress) => publishedChecksums({ onProgress }));
  writeFileSync(file, renderChecksums(sums));
  process.stderr.write(`${checksumsFile} has ${sums.size} sums: look at the difference before it is committed\n`);
  return 0;
});
