// npm run schema: writes the JSON schema that editors check stack files with.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stackFileSchema } from "../src/settings/json-schema.ts";

const file = fileURLToPath(new URL("../stacks/settings.schema.json", import.meta.url));
writeFileSync(file, `${JSON.stringify(stackFileSchema(), null, 2)}\n`);
