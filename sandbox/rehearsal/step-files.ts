/**
 * What a step writes to GITHUB_ENV or GITHUB_OUTPUT: `NAME=VALUE`, or `NAME<<END`, lines, `END`. The last of several
 * counts.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#environment-files
 * @throws Error as the runner does, for a line that is neither
 */
export function parseSettingsFile(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const [, name, mark, rest = ""] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    // The line may hold a secret, so it is not shown.
    if (!name) throw new Error(`Invalid format in line ${index + 1}, expected NAME=VALUE or NAME<<END`);
    if (mark === "=") {
      settings[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, index + 1);
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`);
    settings[name] = lines.slice(index + 1, end).join("\n");
    index = end;
  }
  return settings;
}

/** The folders that a step puts before all others, from what it writes to GITHUB_PATH: the last one first. */
export function parsePathFile(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .toReversed();
}
