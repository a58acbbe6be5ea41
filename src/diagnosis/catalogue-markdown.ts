import type { ErrorGroup } from "./catalogue/known-error.ts";

/** The catalogue as a page of the documentation. */
export function catalogueMarkdown(groups: readonly ErrorGroup[]): string {
  const sections = groups.flatMap(({ name, errors }) => [
    `## ${name}`,
    ...errors.flatMap(({ id, title, meaning, causes, sources }) => [
      `### ${id}`,
      `\`${title}\``,
      meaning,
      causes.map(({ because, fix }, index) => `${index + 1}. ${because}\n   **Fix:** ${fix}`).join("\n"),
      sources.map((source) => `<${source}>`).join(" · "),
    ]),
  ]);
  return `${[heading, ...sections].join("\n\n")}\n`;
}

const heading = `# Errors and what ends them

<!-- Written by \`npm run docs:errors\` from src/diagnosis/catalogue. -->

\`npx feedpass explain --error "TEXT"\` finds an error of this page in a text, \`--error -\` in what it reads, for example
\`gh run view --log-failed | npx feedpass explain STACK --error -\`. With STACK, the subject that a job presented is
compared with what the stack file trusts.

The likeliest cause of each comes first. STACK is the stack, NAME an identity or an environment of its file.`;
