// @pulumi/pulumi writes every answer of the engine into its debug log, with outputs in clear, secrets too: `RegisterResource
// RPC finished: …, resp: …`. `pulumi up --debug` and `-v=9` would print client secrets, to a workflow's log for one.
import { createRequire } from "node:module";

const require = createRequire(import.meta.resolve("@pulumi/pulumi"));

/**
 * Lets the SDK say nothing in the debug log. Its lines have no level between all and nothing, and new ones may carry
 * something else. What the engine and the providers say there is theirs, and stays.
 */
export function silenceDebugLog() {
  const log = require("@pulumi/pulumi/log");
  log.debug = () => Promise.resolve();
}
