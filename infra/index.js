// Where the engine starts the program.
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.js";

const { program } = await import(bundle(fileURLToPath(new URL("program.ts", import.meta.url))));
export default program;
