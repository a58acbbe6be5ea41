import type { Change } from "../access/change.ts";
import { type Block, item, markdown, text } from "./markdown.ts";

/** A change of access as an entry of a list, an escalation marked. */
export function accessItem({ escalation, repository, text: words }: Change): Block {
  return item(markdown`${escalation ? markdown`⚠️ ` : ""}**${text(repository)}**: ${text(words)}`);
}
