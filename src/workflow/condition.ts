import { any } from "../jobs/patterns/characters.ts";
import { inAnyCase } from "../jobs/patterns/find.ts";
import { literally, type Pattern } from "../jobs/patterns/pattern.ts";

/**
 * What an expression can ask of a ref. It knows no patterns, and it ignores case.
 * https://docs.github.com/actions/reference/workflows-and-actions/expressions
 */
export interface Question {
  readonly asks: "is" | "startsWith" | "contains" | "endsWith";
  readonly text: string;
}

/**
 * Questions to which every ref of the pattern says yes.
 * @param isExact whether all that the pattern names is asked for; otherwise what it begins with
 */
export function questionsOf(refs: Pattern, isExact: boolean): Question[] {
  const [first = "", ...others] = literalsOf(refs);
  if (others.length === 0) return [{ asks: "is", text: first }];
  const begins: Question[] = first === "" ? [] : [{ asks: "startsWith", text: first }];
  if (!isExact) return begins;
  const ends: Question[] = [{ asks: "endsWith", text: others.at(-1) ?? "" }];
  const within = others.slice(0, -1).map((text): Question => ({ asks: "contains", text }));
  return without([...begins, ...within, ...ends].filter(({ text }) => text !== ""));
}

/** What stands before, between and after the parts that may be several things. */
function literalsOf(refs: Pattern): string[] {
  const literals = [""];
  for (const part of refs) {
    const [[first, last] = [0, 1], ...others] = part.kind === "one" ? part.set : [];
    if (others.length > 0 || first !== last) literals.push("");
    else literals.push(literals.pop() + String.fromCodePoint(first));
  }
  return literals;
}

/** Each question once, and none that another answers. */
function without(questions: readonly Question[]): Question[] {
  return questions.filter(
    (question, index) =>
      !questions.some(
        (other, place) => place !== index && answers(other, question) && (place < index || !answers(question, other)),
      ),
  );
}

/** Whether a yes to the one question is a yes to the other. */
export function answers(one: Question, other: Question): boolean {
  const [text, wanted] = [one.text.toLowerCase(), other.text.toLowerCase()];
  switch (other.asks) {
    case "is":
      return one.asks === "is" && text === wanted;
    case "startsWith":
      return (one.asks === "is" || one.asks === "startsWith") && text.startsWith(wanted);
    case "endsWith":
      return (one.asks === "is" || one.asks === "endsWith") && text.endsWith(wanted);
    case "contains":
      return text.includes(wanted);
  }
}

/** The refs that say yes, as a pattern. */
export function refsOfQuestion({ asks, text }: Question): Pattern {
  const rest: Pattern = [{ kind: "many", set: any }];
  return inAnyCase([
    ...(asks === "contains" || asks === "endsWith" ? rest : []),
    ...literally(text),
    ...(asks === "contains" || asks === "startsWith" ? rest : []),
  ]);
}

/** A condition: yes to all of the questions, and no to one at least of each list. Empty where nothing is asked. */
export function conditionText(questions: readonly Question[], noneOf: readonly (readonly Question[])[]): string {
  return [...questions.map(asked), ...noneOf.map(refused)].join(" && ");
}

function asked({ asks, text }: Question): string {
  return asks === "is" ? `github.ref == ${quoted(text)}` : `${asks}(github.ref, ${quoted(text)})`;
}

function refused(questions: readonly Question[]): string {
  const [first, ...others] = questions;
  if (first === undefined || others.length > 0) return `!(${questions.map(asked).join(" && ")})`;
  return first.asks === "is" ? `github.ref != ${quoted(first.text)}` : `!${asked(first)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** What an event's runs are asked of their ref; nothing where it is empty. */
export interface Asked {
  readonly event: string;
  readonly asked: string;
}

/**
 * The `if` of a job in a workflow that other events start too. The ref of a pull request is like no other, so that a ref
 * alone says enough in a workflow that nothing but pushes starts besides.
 * @param events all that start the workflow
 */
export function jobCondition(all: readonly Asked[], events: ReadonlySet<string>): string {
  const others = [...events].filter((event) => event !== "pull_request");
  const isOfAll = ({ asked }: Asked) =>
    asked !== "" && others.every((event) => all.some((one) => one.event === event && one.asked === asked));
  const bare = new Set(all.filter(isOfAll).map(({ asked }) => asked));
  const named = [...new Set(all.map(({ event }) => event))].flatMap((event) => {
    const asked = all.filter((one) => one.event === event && !bare.has(one.asked)).map((one) => one.asked);
    if (asked.length === 0) return [];
    const name = `github.event_name == ${quoted(event)}`;
    if (asked.includes("")) return [name];
    return [`${name} && ${asked.length === 1 ? asked.join("") : `(${asked.join(" || ")})`}`];
  });
  return [...named, ...bare].join(" || ");
}
