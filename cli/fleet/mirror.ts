import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { stackFilePath } from "../../src/settings/config.ts";
import { type Project, projectFileName, stackFolder } from "../project.ts";

/** Where stacks live that are not there yet, from the mirror's folder. */
export const throwAwayBackend = ".not-yet";

/** The project as the engine sees it during a run. */
export interface Mirror {
  readonly folder: string;
  /**
   * Puts a stack's file there.
   * @param isThrownAway whether the stack's state is: then the keys of the team's secrets stay out, unless the file has
   *   values that need them
   * @returns the secrets provider that the file names
   */
  add(stack: string, content: Buffer, isThrownAway: boolean): string | undefined;
  remove(): void;
}

/**
 * A folder that has everything of the project, and the stack files as copies. The engine writes into a stack's file: a
 * salt where there is none, even in a preview. Nobody wants that in hundreds of files, or half of them changed.
 */
export function openMirror({ root, projectFile }: Project): Mirror {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-fleet-"));
  for (const entry of readdirSync(root)) {
    if (entry !== projectFileName && entry !== stackFolder) symlinkSync(join(root, entry), join(folder, entry));
  }
  writeFileSync(join(folder, projectFileName), projectFile);
  mkdirSync(join(folder, stackFolder));
  mkdirSync(join(folder, throwAwayBackend));
  return {
    folder,
    add(stack, content, isThrownAway) {
      const text = content.toString();
      const file = parseDocument(text);
      const provider = file.get("secretsprovider");
      const dropsKeys = isThrownAway && !/\bsecure:/.test(text);
      if (dropsKeys) for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) file.delete(key);
      writeFileSync(join(folder, stackFilePath(stack)), dropsKeys ? file.toString() : content);
      return typeof provider === "string" ? provider : undefined;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
