import type { KnownError } from "../../src/diagnosis/catalogue/known-error.ts";
import type { Explanation, SettingsPlace } from "../../src/diagnosis/explain.ts";
import type { NearMiss } from "../../src/diagnosis/nearest.ts";
import { type Colours, visible } from "../output.ts";

/** What is said of a job, for a terminal. */
export function explanationText(explanation: Explanation, colours: Colours): string {
  const { subject, reason, accepted, nearest, secrets } = explanation;
  const lines: string[] = [`${colours.bold("Subject")}  ${visible(subject ?? "none")}`, ""];
  for (const { identity, trusts, feeds, by, value, protection, variables } of accepted) {
    const access = feeds.map(({ may, feed }) => `${may} on ${visible(feed)}`).join(", ");
    lines.push(
      colours.green(`${identity} accepts it: it trusts ${visible(trusts)}, and may ${access}`),
      ...(by === "expression" ? [`  by ${visible(value)}`] : []),
      ...protection.map((words) => `  ${visible(words)}`),
      `  its variables are at ${placeWords(variables)}`,
    );
  }
  if (accepted.length === 0) {
    lines.push(
      colours.red(reason === undefined ? "No identity accepts it." : `No identity accepts the job: ${reason}`),
    );
    lines.push(...nearestLines(nearest, colours));
  }
  for (const place of secrets)
    lines.push(`${place.identity} also takes a client secret, whatever the job: ${placeWords(place)}`);
  return lines.join("\n").trimEnd();
}

export function nearestLines(nearest: readonly NearMiss[], colours: Colours): string[] {
  return nearest.flatMap(({ identity, trusts, differences }, index) => [
    ...(index === 0 ? ["", colours.bold("Nearest")] : []),
    `${identity} trusts ${visible(trusts)}`,
    ...differences.flatMap(({ words, fix }) => [`  ${visible(words)}`, `    ${colours.yellow(visible(fix))}`]),
  ]);
}

function placeWords({ environment, names }: SettingsPlace): string {
  const place = environment === undefined ? "the repository" : `the environment ${visible(environment)}`;
  return `${place}: ${names.join(", ")}`;
}

/** What is known of errors, for a terminal. */
export function errorText(errors: readonly KnownError[], colours: Colours): string {
  return errors
    .map(({ id, title, meaning, causes, sources }) =>
      [
        `${colours.bold(id)}  ${title}`,
        meaning,
        "",
        ...causes.flatMap(({ because, fix }, index) => [`${index + 1}. ${because}`, `   ${colours.yellow(fix)}`]),
        "",
        ...sources,
      ].join("\n"),
    )
    .join("\n\n");
}
