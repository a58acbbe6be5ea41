import { writeFileSync } from "node:fs";
import { catalogue } from "../../src/diagnosis/catalogue.ts";
import { catalogueMarkdown } from "../../src/diagnosis/catalogue-markdown.ts";

// Writes the page of the documentation that lists all known errors.
writeFileSync(new URL("../../docs/errors.md", import.meta.url), catalogueMarkdown(catalogue));
