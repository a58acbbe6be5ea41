import { expect, test } from "vitest";
import { judgeSubjects } from "../../../src/settings/subject-rules.ts";
import { subjectsOf } from "../../../src/jobs/repository-subjects.ts";
import { settingsOf, withTrust } from "../../support/stack-check.ts";

const prefix = "repo:contoso/widgets";
/** The longest branch whose subject Entra takes with this prefix. */
const longest = 600 - `${prefix}:ref:refs/heads/`.length;

test("a subject of 600 characters is the longest", () => {
  const settings = settingsOf(withTrust(`branch: ${"b".repeat(longest)}`));

  expect(judgeSubjects(settings, subjectsOf(prefix)).problems).toEqual([]);
});

test("a longer subject is refused at the entry that makes it", () => {
  const settings = settingsOf(withTrust("branch: main", `branch: ${"b".repeat(longest + 1)}`));

  expect(judgeSubjects(settings, subjectsOf(prefix)).problems).toEqual([
    {
      path: "identities.reader.trust[1]",
      text: "the subject has 601 characters, expected at most 600; trust an environment instead",
    },
  ]);
});

test("GitHub's escape of a colon counts", () => {
  const settings = settingsOf(withTrust(`environment: "${":".repeat(255)}"`));

  expect(judgeSubjects(settings, subjectsOf(prefix)).problems).toEqual([
    {
      path: "identities.reader.trust[0]",
      text: "the subject has 798 characters, expected at most 600; trust an environment with a shorter name",
    },
  ]);
});
