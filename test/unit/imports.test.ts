import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

// Proves the one direction of imports that docs/architecture.md describes, and that no files import each other in a ring.

/** Which folders the files of a folder may import beside their own. The longest prefix counts. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  src: [],
  infra: ["src"],
  cli: ["src", "infra"],
  "sandbox/cloud/github": ["sandbox/cloud"],
  "sandbox/cloud/entra": ["sandbox/cloud"],
  "sandbox/cloud/graph": ["sandbox/cloud", "sandbox/cloud/entra"],
  "sandbox/cloud/resource-manager": ["sandbox/cloud", "sandbox/cloud/entra"],
  "sandbox/cloud/azure-devops": ["sandbox/cloud", "sandbox/cloud/entra", "sandbox/cloud/python-packages"],
  "sandbox/cloud/pypi": ["sandbox/cloud", "sandbox/cloud/python-packages"],
  "sandbox/cloud/python-packages": ["sandbox/cloud"],
  // Its own files put the services together.
  "sandbox/cloud": [
    "sandbox/cloud/azure-devops",
    "sandbox/cloud/entra",
    "sandbox/cloud/github",
    "sandbox/cloud/graph",
    "sandbox/cloud/pypi",
    "sandbox/cloud/resource-manager",
  ],
  "sandbox/offline": ["sandbox"],
  "sandbox/toolchain": ["sandbox"],
  "sandbox/rehearsal": ["sandbox", "sandbox/cloud", "sandbox/cloud/*", "sandbox/toolchain", "src"],
  sandbox: ["sandbox/cloud", "sandbox/cloud/*", "sandbox/offline", "sandbox/rehearsal", "sandbox/toolchain", "src"],
};

const files = Object.keys(mayImport)
  .filter((folder) => !folder.includes("/"))
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)))
  .filter((file) => /\.(ts|js)$/.test(file) && statSync(file).isFile());

const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const found = readFileSync(file, "utf8").matchAll(/(?:from|import|import\()\s*"(\.{1,2}\/[^"]+)"/g);
  return [...found].map(([, path = ""]) => relative(".", join(dirname(file), path))).filter((path) => existsSync(path));
}

function folderOf(file: string): string {
  const folders = Object.keys(mayImport).filter((folder) => file.startsWith(`${folder}/`));
  return folders.sort((a, b) => b.length - a.length)[0] ?? "";
}

test("imports go one way", () => {
  const wrong = [...imports].flatMap(([file, targets]) => {
    const own = folderOf(file);
    const allowed = mayImport[own] ?? [];
    return targets
      .filter((target) => folderOf(target) !== own)
      .filter((target) => !allowed.some((folder) => matches(folder, folderOf(target))))
      .map((target) => `${file} imports ${target}`);
  });

  expect(wrong).toEqual([]);
});

function matches(pattern: string, folder: string): boolean {
  return pattern.endsWith("/*") ? folder.startsWith(pattern.slice(0, -1)) : pattern === folder;
}

test("the model of the workflow job stands below everything that asks it", () => {
  const below = new Set(["src/repository.ts", "src/table.ts", "src/words.ts"]);
  const wrong = [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => file.startsWith("src/jobs/") && !target.startsWith("src/jobs/") && !below.has(target))
      .map((target) => `${file} imports ${target}`),
  );

  expect(wrong).toEqual([]);
});

test("no files import each other in a ring", () => {
  const done = new Set<string>();
  const rings: string[] = [];
  function visit(file: string, path: readonly string[]): void {
    const start = path.indexOf(file);
    if (start >= 0) rings.push([...path.slice(start), file].join(" -> "));
    if (start >= 0 || done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  }
  for (const file of files) visit(file, []);

  expect(rings).toEqual([]);
});
