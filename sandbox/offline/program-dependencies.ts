import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A package that a program depends on, as it is installed. */
export interface InstalledDependency {
  readonly name: string;
  readonly version: string;
}

/** What the package.json at or above the folder depends on, in its order. What is not installed is left out. */
export async function installedDependencies(folder: string): Promise<readonly InstalledDependency[]> {
  const manifest = await nearest(folder, "package.json");
  const names = Object.keys({ ...manifest?.dependencies, ...manifest?.devDependencies });
  const found = await Promise.all(
    names.map(async (name) => {
      const installed = await nearest(folder, join("node_modules", name, "package.json"));
      return installed?.version === undefined ? [] : [{ name, version: installed.version }];
    }),
  );
  return found.flat();
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

async function nearest(folder: string, path: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, path), "utf8")) as Manifest;
  } catch {
    const parent = dirname(folder);
    return parent === folder ? undefined : nearest(parent, path);
  }
}
