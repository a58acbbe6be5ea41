import { azureDevOpsErrors } from "./catalogue/azure-devops.ts";
import { entraErrors } from "./catalogue/entra.ts";
import { githubErrors } from "./catalogue/github.ts";
import type { ErrorGroup, KnownError } from "./catalogue/known-error.ts";
import { providerErrors } from "./catalogue/providers.ts";
import { pythonErrors } from "./catalogue/python.ts";

/** Every error that feedpass can explain. What names its cause comes before what only shows that something failed. */
export const catalogue: readonly ErrorGroup[] = [
  entraErrors,
  azureDevOpsErrors,
  providerErrors,
  githubErrors,
  pythonErrors,
];

/** The known errors in a text, the most telling first: what a tool makes of a refusal counts only where nothing says more. */
export function diagnose(text: string): KnownError[] {
  const plain = withoutEscapes(text);
  const found = catalogue.map(({ errors }) => errors.filter(({ matches }) => matches.test(plain)));
  const telling = found.slice(0, -1).flat();
  return telling.length > 0 ? telling : found.flat();
}

/** The subject that a text says a job has presented, in the words of Entra, of azure/login or of feedpass's own action. */
export function presentedSubject(text: string): string | undefined {
  const plain = withoutEscapes(text);
  const patterns = [
    /presented assertion subject '([^']+)'/i,
    /Assertion Subject: '([^']+)'/i,
    /subject claim - (\S+)/i,
    /(repo:[^\s/'"`]+\/[^\s:'"`]+:[^\s'"`]+)/,
  ];
  for (const pattern of patterns) {
    const [, subject] = pattern.exec(plain) ?? [];
    // GitHub hides secrets: what is left is no subject.
    if (subject !== undefined && !/^\*+$/.test(subject)) return subject;
  }
  return undefined;
}

/** Logs of Actions have colours in them, and lines that begin with the time. */
function withoutEscapes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what escapes begin with
  return text.replace(/\u001b\[[0-9;]*m/g, "").replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /gm, "");
}
