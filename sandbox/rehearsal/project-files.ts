import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildBackEnd, privatePackage } from "./world.ts";

/** The name of the repository's package. */
export const projectName = "feedpass-rehearsal-project";

/** What the repository holds: a small Python project that needs a private package. */
export function writeProject(folder: string, version: string): void {
  for (const [path, text] of Object.entries(projectFiles(version))) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const projectFiles = (version: string): Readonly<Record<string, string>> => ({
  "pyproject.toml": `[build-system]
requires = ["${buildBackEnd}"]
build-backend = "setuptools.build_meta"

[project]
name = "${projectName}"
version = "${version}"
description = "What the rehearsal builds, publishes and installs"
readme = "README.md"
requires-python = ">=3.9"
dependencies = ["${privatePackage.name}"]

[tool.setuptools]
py-modules = ["feedpass_rehearsal_project"]
`,
  "README.md": "# What the rehearsal builds, publishes and installs\n",
  "feedpass_rehearsal_project.py": "from feedpass_rehearsal_core import answer\n",
});
