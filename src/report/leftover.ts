import { stackFilePath } from "../settings/config.ts";
import { type Block, code, codeBlock, document, markdown, paragraph } from "./markdown.ts";
import type { Leftover } from "./results.ts";

/**
 * That a stack without a file goes on giving access, and what ends it.
 * @param base a commit that has the file; undefined where none is known
 */
export function leftoverBlock({ stack, resources }: Leftover, base: string | undefined): Block {
  const file = stackFilePath(stack);
  if (resources === 0) {
    const forget = code(`npx pulumi stack rm ${stack}`);
    return paragraph(markdown`${code(file)} is gone, and nothing of its stack is left: ${forget} forgets it.`);
  }
  const size =
    resources === undefined
      ? markdown``
      : resources === 1
        ? markdown` with 1 resource`
        : markdown` with ${resources} resources`;
  const source = base === undefined ? "COMMIT" : base.slice(0, 12);
  return document([
    paragraph(
      markdown`❗ ${code(file)} is gone, and **its stack still exists**${size}: the access that it gives stays. To take it back:`,
    ),
    codeBlock("sh", [
      `git restore --source ${source} -- ${file}   # the file is needed once more`,
      "# add to it, under config:   feedpass:removable: true   (lifts the protection)",
      `npx pulumi up --stack ${stack}`,
      `npx pulumi destroy --stack ${stack} --remove   # takes the access back, and removes the stack and the file`,
    ]),
  ]);
}
