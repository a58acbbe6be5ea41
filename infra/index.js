// Where the engine starts the program.
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.js";
import { silenceDebugLog } from "./debug-log.js";
import { loadLazily } from "./lazy.js";

for (const name of ["typescript", "@npmcli/arborist"]) loadLazily(name);
silenceDebugLog();

const { program } = await import(await bundle(fileURLToPath(new URL("program.ts", import.meta.url))));
export default program;
