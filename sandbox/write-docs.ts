// npm run docs: writes the pages of docs/ that are made from tables in the code.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createCloud } from "./cloud/cloud.ts";
import { coveragePage } from "./cloud/coverage-page.ts";
import { allServices } from "./cloud/services.ts";

const file = fileURLToPath(new URL("../docs/sandbox-coverage.md", import.meta.url));
writeFileSync(file, coveragePage(createCloud({ services: allServices }).services));
