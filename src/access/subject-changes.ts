import { githubIssuer } from "../jobs/trust.ts";
import type { Settings } from "../settings/schema.ts";

/** A change of what a token must say beside its branch, tag or environment. */
export interface SubjectChange {
  readonly text: string;
  /** Whether tokens may be trusted that were not. What is pinned is trusted whatever GitHub says. */
  readonly wider: boolean;
}

/** What changed in how the tokens of a repository's jobs are known. */
export function subjectChanges(before: Settings, after: Settings): SubjectChange[] {
  const { issuer: oldIssuer = githubIssuer, subjects: oldForms = "current" } = before;
  const { issuer = githubIssuer, subjects: forms = "current" } = after;
  return [
    ...(issuer === oldIssuer
      ? []
      : [{ text: `tokens of its jobs are taken from ${issuer} instead of ${oldIssuer}`, wider: true }]),
    ...pinChanges("how the subjects of its jobs begin", before.subjectPrefix, after.subjectPrefix),
    ...pinChanges(
      "what the subjects of its jobs are made of",
      before.subjectTemplate?.join(", "),
      after.subjectTemplate?.join(", "),
    ),
    ...pinChanges("its id", before.repositoryId, after.repositoryId),
    ...(forms === oldForms ? [] : [formChange(forms)]),
  ];
}

function pinChanges(what: string, had: string | undefined, has: string | undefined): SubjectChange[] {
  if (had === has) return [];
  if (has === undefined) return [{ text: `${what} is asked from GitHub again`, wider: false }];
  return [{ text: `${what} is pinned: ${has}`, wider: true }];
}

function formChange(forms: "current" | "both"): SubjectChange {
  return forms === "both"
    ? { text: "its subjects are trusted with names and with ids", wider: true }
    : { text: "its subjects are trusted only as GitHub makes them today", wider: false };
}
