// Where the engine starts the policy pack. It loads this file with require, which allows no await at the top.
import { fileURLToPath } from "node:url";
import { bundle } from "../bundle.js";

export const started = bundle(fileURLToPath(new URL("pack.ts", import.meta.url))).then((address) => import(address));
