/**
 * The line by which a job of GitHub Actions hides a value in its log from then on, in later steps too. The runner takes
 * commands from standard error as from standard output, at the beginning of a line, and does not show this one.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 */
export function hiding(value: string): string {
  return `::add-mask::${value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}`;
}
