import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Mirror, openMirror } from "../../../cli/fleet/mirror.ts";

let root: string;
let mirror: Mirror;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "feedpass-root-"));
  for (const folder of ["stacks", "infra"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "Pulumi.yaml"), "name: feedpass\n");
  writeFileSync(join(root, "infra/index.js"), "");
  writeFileSync(join(root, "stacks/Pulumi.other.yaml"), "config: {}\n");
  mirror = openMirror({ root, projectFile: Buffer.from("name: feedpass\n") });
});

afterEach(() => {
  mirror.remove();
  rmSync(root, { recursive: true, force: true });
});

const file = `config:
  feedpass:repository: contoso/widgets # kept
secretsprovider: azurekeyvault://vault/keys/feedpass
encryptedkey: abc
encryptionsalt: v1:x
`;
const mirrored = () => readFileSync(join(mirror.folder, "stacks/Pulumi.widgets.yaml"), "utf8");

describe("the mirror of a project", () => {
  test("has the project's folders, and only the stack files that were added, as copies", () => {
    mirror.add("widgets", Buffer.from(file), false);

    expect(readdirSync(mirror.folder).sort()).toEqual([".not-yet", "Pulumi.yaml", "infra", "stacks"]);
    expect(readdirSync(join(mirror.folder, "stacks"))).toEqual(["Pulumi.widgets.yaml"]);
    expect(lstatSync(join(mirror.folder, "Pulumi.yaml")).isSymbolicLink()).toBe(false);
    expect(mirrored()).toBe(file);
  });

  test("tells the secrets provider of a file", () => {
    expect(mirror.add("widgets", Buffer.from(file), false)).toBe("azurekeyvault://vault/keys/feedpass");
    expect(mirror.add("plain", Buffer.from("config: {}\n"), false)).toBe(undefined);
  });

  test("leaves the team's keys out of a stack that is thrown away", () => {
    mirror.add("widgets", Buffer.from(file), true);

    expect(mirrored()).toBe("config:\n  feedpass:repository: contoso/widgets # kept\n");
  });

  test("keeps them where a value needs them", () => {
    const text = file.replace("secretsprovider", "  other:token:\n    secure: v1:y\nsecretsprovider");
    mirror.add("widgets", Buffer.from(text), true);

    expect(mirrored()).toBe(text);
  });

  test("is gone when it is removed, and the project is not", () => {
    mirror.remove();

    expect(existsSync(mirror.folder)).toBe(false);
    expect(readdirSync(join(root, "infra"))).toEqual(["index.js"]);
  });
});
