import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changedSince, select, sortChanges } from "../../../cli/fleet/changed.ts";

describe("the stacks that a change concerns", () => {
  const stacks = ["gadgets", "gizmos", "widgets"];

  test("are those whose files changed", () => {
    const change = sortChanges([
      "stacks/Pulumi.widgets.yaml",
      "stacks/Pulumi.gone.yaml",
      "stacks/settings.schema.json",
    ]);

    expect(change).toEqual({ shared: [], stacks: new Set(["widgets", "gone"]) });
    expect(select(stacks, [], change, "main")).toEqual({
      stacks: ["widgets"],
      why: "all 3 stacks, the 1 with a change of its file since main",
    });
  });

  test.each(["src/trust.ts", "infra/program.ts", "sdks/azuredevops/index.js", "package-lock.json", "Pulumi.yaml"])(
    "are all of them when %s changed, and it says so",
    (path) => {
      const change = sortChanges(["stacks/Pulumi.widgets.yaml", path]);

      expect(select(stacks, [], change, "main")).toEqual({
        stacks,
        why: `all 3 stacks, because ${path} changed since main, which every stack depends on`,
      });
    },
  );

  test("name one changed file, and how many there are besides", () => {
    const change = sortChanges(["src/trust.ts", "src/names.ts", "Pulumi.yaml"]);

    expect(select(["widgets"], ["wid*"], change, "v1").why).toBe(
      "1 stack matching wid*, because Pulumi.yaml and 2 more changed since v1, which every stack depends on",
    );
  });

  test("are all of them where nobody asks for a change", () => {
    expect(select(stacks, [], undefined)).toEqual({ stacks, why: "all 3 stacks" });
  });
});

describe("what git tells", () => {
  let root: string;
  const git = (...parameters: readonly string[]) => execa("git", parameters, { cwd: root });
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "feedpass-git-"));
    await git("init", "--quiet", "--initial-branch=main");
    await git("config", "user.email", "ada@contoso.com");
    await git("config", "user.name", "Ada");
    for (const folder of ["stacks", "src", "docs"]) mkdirSync(join(root, folder));
    for (const stack of ["a", "b", "c"]) write(`stacks/Pulumi.${stack}.yaml`, "config: {}\n");
    write("Pulumi.yaml", "name: feedpass\n");
    await git("add", ".");
    await git("commit", "--quiet", "--message=first");
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const changes = (reference: string) => changedSince({ root, projectFile: Buffer.from("") }, reference);

  test("is what was committed, what was only edited, what is new and what is gone", async () => {
    write("stacks/Pulumi.a.yaml", "config: { x: 1 }\n");
    await git("commit", "--quiet", "--all", "--message=second");
    write("stacks/Pulumi.b.yaml", "config: { x: 1 }\n");
    write("stacks/Pulumi.new.yaml", "config: {}\n");
    rmSync(join(root, "stacks/Pulumi.c.yaml"));
    write("docs/page.md", "says\n");

    expect(await changes("HEAD^")).toEqual({ shared: [], stacks: new Set(["a", "b", "c", "new"]) });
    expect(await changes("main")).toEqual({ shared: [], stacks: new Set(["b", "c", "new"]) });
  });

  test("has what every stack depends on apart", async () => {
    write("src/trust.ts", "export const x = 1;\n");
    write("Pulumi.yaml", "name: feedpass\nmain: infra/\n");

    expect(await changes("main")).toEqual({ shared: ["Pulumi.yaml", "src/trust.ts"], stacks: new Set() });
  });

  test.each(["nothing-like-it", "--output=x"])("is refused for %s, which is no commit", async (reference) => {
    await expect(changes(reference)).rejects.toThrow(
      `got ${JSON.stringify(reference)}, expected a branch, tag or commit of this checkout`,
    );
  });
});
