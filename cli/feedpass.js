#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { bundle } from "../infra/bundle.js";

const { main } = await import(await bundle(fileURLToPath(new URL("main.ts", import.meta.url))));
process.exitCode = await main(process.argv);
