// A process of the fleet: runs the program for one stack after the other. Started by worker-process.ts.
import { fileURLToPath } from "node:url";
import { bundle } from "../../infra/bundle.js";

await import(await bundle(fileURLToPath(new URL("worker.ts", import.meta.url))));
