// @pulumi/pulumi loads two large packages at its start, the TypeScript compiler and npm's tree of packages, for the
// serialization of functions, which feedpass does not use. They take a fifth of the program's start.
import { createRequire } from "node:module";

const require = createRequire(import.meta.resolve("@pulumi/pulumi"));

/** Lets a package be loaded when something of it is used, instead of when it is required. */
export function loadLazily(name) {
  const file = require.resolve(name);
  if (file in require.cache) return;
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      delete require.cache[file];
      loaded = require(name);
    }
    return loaded;
  };
  const exports = new Proxy({}, { get: (_, property) => load()[property] });
  require.cache[file] = { id: file, filename: file, loaded: true, exports, children: [], paths: [] };
}
