import type { KnownError } from "../../src/diagnosis/catalogue/known-error.ts";
import type { Accepted, Explanation, SettingsPlace } from "../../src/diagnosis/explain.ts";
import type { NearMiss } from "../../src/diagnosis/nearest.ts";
import type { Unmatched } from "../../src/diagnosis/trusted.ts";
import { endWarning, type SecretEnd } from "../../src/settings/secret-end.ts";
import { type Colours, visible } from "../output.ts";

/** What is said of a job, for a terminal. */
export function explanationText(explanation: Explanation, colours: Colours): string {
  const { start, wayIn, subject, reason, accepted, ended, unmatched, nearest, doubts } = explanation;
  if (start.verdict === "refused") {
    const advice = wayIn === undefined ? [] : [`  ${colours.yellow(visible(wayIn))}`];
    return [colours.red(`GitHub does not start it: ${visible(start.reason)}`), ...advice].join("\n");
  }
  return [
    `${colours.bold("Subject")}  ${visible(subject ?? "none")}`,
    ...beforeLines(explanation, colours),
    "",
    ...doubts.map((doubt) => colours.yellow(`not known: ${visible(doubt)}`)),
    ...accepted.flatMap((one) => acceptedLines(one, colours)),
    ...ended.flatMap((one) => endedLines(one, colours)),
    ...refusalLines(explanation, colours),
    ...(reason === undefined ? unmatchedLines(unmatched, colours) : []),
    ...nearestLines(nearest, colours),
  ].join("\n");
}

/** What stands before the job, where there is an environment. */
function beforeLines({ start, environment }: Explanation, colours: Colours): string[] {
  if (start.verdict !== "starts" || environment === undefined) return [];
  const { before } = start;
  const words = before.length === 0 ? `nothing, the environment ${environment} has no protection` : before.join("; ");
  return [`${colours.bold("Before")}   ${visible(words)}`];
}

function acceptedLines({ identity, by, trusts = "", value = "", feeds, reads }: Accepted, colours: Colours): string[] {
  const access = feeds.map(({ may, feed }) => `${may} on ${visible(feed)}`).join(", ");
  if (by === "secret") {
    return [
      colours.green(`${identity} accepts it with the client secret, whatever the job is: it may ${access}`),
      `  the secret is at ${placeWords(reads)}`,
    ];
  }
  return [
    colours.green(`${identity} accepts it: it trusts ${visible(trusts)}, and may ${access}`),
    ...(by === "expression" ? [`  by ${visible(value)}`] : []),
    `  its variables are at ${placeWords(reads)}`,
  ];
}

/** A job that is given such a secret comes as far as Entra. */
function endedLines(end: SecretEnd, colours: Colours): string[] {
  const { path, text } = endWarning(end);
  return [
    colours.yellow(`${end.identity} does not accept it with the client secret: AADSTS7000222`),
    `  ${path}: ${text}`,
  ];
}

/** That no identity takes the job, or none its token. Nothing where that cannot be told, or where nobody trusts tokens. */
function refusalLines({ verdict, reason, accepted, nearest }: Explanation, colours: Colours): string[] {
  if (verdict === "refused") {
    const because = reason === undefined ? " it." : ` the job: ${reason}`;
    return [colours.red(`No identity accepts${because}`)];
  }
  if (accepted.some(({ by }) => by !== "secret")) return [];
  if (reason !== undefined) return [colours.yellow(`without a token: ${visible(reason)}`)];
  return nearest.length === 0 ? [] : [colours.yellow("No identity accepts its token.")];
}

export function unmatchedLines(unmatched: readonly Unmatched[], colours: Colours): string[] {
  return unmatched.map(({ identity, trusts, reason, isUnsaid }) => {
    const whether = isUnsaid ? `cannot tell: ${identity}` : `no credential can be made: ${identity}`;
    return colours.yellow(`${whether} trusts ${visible(trusts)}; ${visible(reason)}`);
  });
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
