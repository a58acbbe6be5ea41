import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { doubleProblems, projectIn } from "../../infra/project-files.ts";
import { settingsOf, stackFile } from "../support/stack-check.ts";

// Proves what the program reads beside what the engine hands over: Pulumi.yaml itself, and the files of other stacks.

const widgets = settingsOf(stackFile({}));

/** A project's folder with these files. */
function projectWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-project-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "stacks"));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

test("a stack alone has no other file, nor has one in a folder without files", () => {
  const folder = projectWith({
    "stacks/Pulumi.widgets.yaml": stackFile({}),
    "stacks/Pulumi.gadgets.yaml": `${stackFile({ repository: "feedpass:repository: contoso/gadgets" })}\n# not contoso/widgets`,
    "stacks/Pulumi.broken.yaml": "config:\n\tfeedpass:repository: contoso/widgets\n",
    "stacks/settings.schema.json": '{ "example": "contoso/widgets" }',
  });

  expect(doubleProblems(folder, "widgets", widgets)).toEqual([]);
  expect(doubleProblems(join(folder, "nowhere"), "widgets", widgets)).toEqual([]);
});

test("other files for the same repository are named, of several the first", () => {
  const folder = projectWith({
    "stacks/Pulumi.widgets.yaml": stackFile({}),
    "stacks/Pulumi.b.yaml": stackFile({ repository: "feedpass:repository: Contoso/Widgets" }),
    "stacks/Pulumi.a.yaml": stackFile({ repository: 'feedpass:repository: "contoso\\u002fwidgets"' }),
  });

  expect(doubleProblems(folder, "widgets", widgets).map(({ path, text }) => `${path}: ${text}`)).toEqual([
    "repository: stacks/Pulumi.a.yaml and 1 more are for the same repository, expected one file for each; write the identities of all into one, and destroy the stacks of the others",
  ]);
});

test("a site that Pulumi.yaml says for all stacks is that of files which say none", () => {
  const issuer = "https://token.actions.octocorp.ghe.com";
  const folder = projectWith({
    "Pulumi.yaml": `config: { issuer: "${issuer}", issuers: ["${issuer}"] }`,
    "stacks/Pulumi.other.yaml": stackFile({}),
  });

  expect(doubleProblems(folder, "widgets", { ...widgets, issuer })).toHaveLength(1);
  expect(projectIn(folder).file.issuers).toEqual([issuer]);
});
