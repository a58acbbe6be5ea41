import { delimiter } from "node:path";
import type { Environment } from "../environment.ts";

/** A virtual environment's place. */
export interface VirtualEnvironment {
  readonly folder: string;
  /** Where its `python`, `pip` and `twine` are. */
  readonly binFolder: string;
}

/** The file that swallows everything, by the name that Python has for it: pip compares it with its own. */
export const nullDevice = process.platform === "win32" ? "nul" : "/dev/null";

/**
 * Makes a command use this virtual environment and nothing of what the machine has been told about Python packages: its
 * indexes, caches, credentials and options. Goes together with `sandboxEnvironment`, in any order; `PIP_INDEX_URL`,
 * `TWINE_*` and the like come after both.
 * @param present the environment to change. Default: this process's.
 */
export function pythonEnvironment(place: VirtualEnvironment, present: Environment = process.env): Environment {
  const names = Object.keys(present);
  const pathName = names.find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const told = names.filter((name) => /^(PIP|UV|TWINE)_/i.test(name) && name !== "PIP_CERT");
  return {
    ...Object.fromEntries(told.map((name) => [name, undefined])),
    PYTHONHOME: undefined,
    PYTHONPATH: undefined,
    VIRTUAL_ENV: place.folder,
    [pathName]: [place.binFolder, present[pathName]].filter(Boolean).join(delimiter),
    PYTHONUTF8: "1",
    // pip reads no configuration file at all then (https://pip.pypa.io/en/stable/topics/configuration/).
    PIP_CONFIG_FILE: nullDevice,
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
    // The sandbox answers at real addresses: what pip or uv remembers of those must not get in, nor out.
    PIP_NO_CACHE_DIR: "1",
    UV_NO_CACHE: "1",
    UV_NO_CONFIG: "1",
    UV_PYTHON_DOWNLOADS: "never",
    TWINE_NON_INTERACTIVE: "1",
    // Nobody's credentials but those that a job was given.
    PIP_KEYRING_PROVIDER: "disabled",
    UV_KEYRING_PROVIDER: "disabled",
    PYTHON_KEYRING_BACKEND: "keyring.backends.null.Keyring",
    NETRC: nullDevice,
  };
}
