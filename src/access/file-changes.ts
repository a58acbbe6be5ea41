import { stackFilePath } from "../settings/config.ts";
import type { Encryption } from "../settings/stack-file.ts";
import type { Change } from "./change.ts";
import { line, type Pair } from "./pairs.ts";
import type { AccessState, Stacks } from "./state.ts";

/** What changes of the files themselves, and of what they say beside access. */

/** What becomes of the file of a stack. @param then the stacks of the state before */
export function fileChanges(pair: Pair, then: Stacks): Change[] {
  const { before, after } = pair;
  if (after === undefined) {
    if (before === undefined) return [];
    const { stack } = before;
    const text = `${stackFilePath(stack)} is removed; its access stays until the stack ${stack} is destroyed`;
    return [line(pair, "file", text)];
  }
  const file = stackFilePath(after.stack);
  if (before === undefined) {
    const unreadable = `${file} could not be read before; all that it gives counts as gained`;
    return [line(pair, "file", then.has(after.stack) ? unreadable : `${file} is new`)];
  }
  const [had, has] = [before.settings.repository, after.settings.repository];
  if (had.toLowerCase() === has.toLowerCase()) return [];
  return [line(pair, "repository", `takes the place of ${had} in ${file}`)];
}

/** What the file of a repository says beside `config`. */
export function writtenChanges(pair: Pair): Change[] {
  return [...hiddenChanges(pair), ...encryptionChanges(pair)];
}

/** What Pulumi ESC adds can be anything, and no file shows it: whatever changes there may widen access. */
function hiddenChanges(pair: Pair): Change[] {
  const [had = "", has = ""] = [pair.before?.file?.environmentText, pair.after?.file?.environmentText];
  if (had === has || pair.after === undefined) return [];
  const names = pair.after.file?.environments ?? [];
  if (names.length === 0) return [line(pair, "hidden", "no longer takes settings from Pulumi ESC")];
  const from = `${had === "" ? "takes" : "takes other"} settings from Pulumi ESC (${names.join(", ")})`;
  return [line(pair, "hidden", `${from}, which no file shows`, { escalation: true })];
}

/**
 * Whoever has the key reads the secrets of a stack's state, so another provider or key is an escalation. A salt is none: it
 * changes whenever the passphrase is rotated, and one that was made up only makes the team's passphrase fail. A new stack
 * has no secrets yet.
 */
function encryptionChanges(pair: Pair): Change[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const had: Encryption = before.file?.encryption ?? {};
  const has: Encryption = after.file?.encryption ?? {};
  const changed = (text: string, escalation: boolean) => [line(pair, "encryption", text, { escalation })];
  if (had.secretsprovider !== has.secretsprovider) {
    const [now, then] = [has, had].map(({ secretsprovider = "what its backend has for that" }) => secretsprovider);
    return changed(`secrets of its state are encrypted with ${now} instead of ${then}`, true);
  }
  if (had.encryptedkey !== has.encryptedkey)
    return changed("secrets of its state are encrypted with another key", true);
  if (had.encryptionsalt === undefined || had.encryptionsalt === has.encryptionsalt) return [];
  return changed("secrets of its state are encrypted with another salt, as after a new passphrase", false);
}

/** What Pulumi.yaml says for all stacks. What comes of it for one of them is told there. */
export function projectChanges(before: AccessState["project"], after: AccessState["project"]): Change[] {
  const changed = (text: string, escalation: boolean): Change => ({
    kind: "issuers",
    escalation,
    stack: "",
    repository: "Pulumi.yaml",
    feeds: [],
    text,
  });
  return [
    ...after.issuers
      .filter((issuer) => !before.issuers.includes(issuer))
      .map((issuer) => changed(`stacks may trust tokens of ${issuer}`, true)),
    ...before.issuers
      .filter((issuer) => !after.issuers.includes(issuer))
      .map((issuer) => changed(`stacks may no longer trust tokens of ${issuer}`, false)),
  ];
}
