import {
  Composer,
  type Document,
  isMap,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  type ParsedNode,
  type ScalarTag,
  Schema,
  visit,
} from "yaml";
import { bounds, boundProblems, tooDeep, tooMany } from "./bounds.ts";
import type { Problem } from "./problem.ts";

/**
 * YAML as the engine reads it, which is Go's way (gopkg.in/yaml.v3) and neither YAML 1.1 nor 1.2: `0123` is octal,
 * `1_000` is a number, `yes` is text, an unquoted date is a time that becomes text again in Go's own form. Whoever
 * reviews a file must be shown what the engine will do with it.
 */

export type ParsedYaml =
  | { readonly value: unknown; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly Problem[] };

/** Parses one document, within bounds. A syntax error is a problem with its line as the path. */
export function parseEngineYaml(text: string): ParsedYaml {
  const bytes = Buffer.byteLength(text);
  if (bytes > bounds.bytes) return refused("file", tooMany(bytes, "bytes", bounds.bytes));
  const lines = new LineCounter();
  try {
    const { document, faults } = compose(text, lines);
    if (faults.length > 0) return { value: undefined, problems: syntaxProblems(document, faults, lines) };
    const value: unknown = document.toJS();
    const [tooMuch] = boundProblems(value);
    return tooMuch === undefined ? { value, problems: [] } : { value: undefined, problems: [tooMuch] };
  } catch (error) {
    if (error instanceof TooDeepError) return refused("file", error.message);
    // The parser's own word for an alias that it cannot follow.
    if (error instanceof ReferenceError) return refused("line 1", `not valid YAML: ${withoutContent(error.message)}`);
    throw error;
  }
}

function refused(path: string, text: string): ParsedYaml {
  return { value: undefined, problems: [{ path, text }] };
}

interface Fault {
  readonly message: string;
  /** Where it begins, counted in characters. */
  readonly start: number;
}

/** What `parseDocument` of the library does, but for bounds, and in linear time. */
function compose(text: string, lines: LineCounter) {
  // The library compares each key with all others of its table.
  const composer = new Composer({ schema: engineSchema, uniqueKeys: false, prettyErrors: false, logLevel: "error" });
  const [document, other] = composer.compose(tokens(text, lines), true, text.length);
  if (document === undefined) throw new Error("a text has at least an empty document");
  // A tag that is not resolved is only a warning to the parser, but the engine may resolve it.
  const said = [...document.errors, ...document.warnings].map(({ code, message, pos: [start] }) => ({
    message: ownWords[code] ?? withoutContent(message),
    start,
  }));
  const second = other === undefined ? [] : [{ message: "got several documents, expected one", start: other.range[0] }];
  const faults = [...said, ...second, ...repeatedKeys(document)].sort((one, two) => one.start - two.start);
  return { document, faults };
}

class TooDeepError extends Error {}

/**
 * What the text is made of. Composing goes down into nested tables and lists by recursion, which at the end of the stack
 * takes the whole process with it: so it ends before.
 */
function* tokens(text: string, lines: LineCounter) {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > bounds.depth) {
      throw new TooDeepError(tooDeep);
    }
  }
  yield* parser.end();
}

function repeatedKeys(document: Document.Parsed<ParsedNode>): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) faults.push({ message: "map keys must be unique", start: key.range?.[0] ?? 0 });
        seen.add(name);
      }
    },
  });
  return faults;
}

/** Nobody reads more of them. */
const mostFaults = 10;

/** The text of what is no stack file at all is nobody's business here: it may be any file of the machine. */
function syntaxProblems(
  document: Document.Parsed<ParsedNode>,
  faults: readonly Fault[],
  lines: LineCounter,
): Problem[] {
  if (!isMap(document.contents)) return [{ path: "line 1", text: "not valid YAML: expected a table" }];
  const told = faults.slice(0, mostFaults).map(({ message, start }) => ({
    path: `line ${lines.linePos(start).line || 1}`,
    text: `not valid YAML: ${message}`,
  }));
  const rest = faults.length - told.length;
  return rest === 0 ? told : [...told, { path: "file", text: `not valid YAML: ${rest} more mistakes` }];
}

/** Where the parser's words are for its own users, or are about what the file says. */
const ownWords: Readonly<Record<string, string>> = {
  BAD_COLLECTION_TYPE: "a tag is on something else than it is for",
  BAD_DIRECTIVE: "unknown directive",
  BAD_DQ_ESCAPE: "unknown escape sequence in double quotes",
  TAG_RESOLVE_FAILED: "unresolved tag",
};

/** The parser's words up to where they quote the file, which may be another one, with a secret in it. */
function withoutContent(message: string): string {
  const words = message.replace(/(?<! ): .*$/s, "");
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** Whatever starts like a number or a date. What is neither is text. */
const numberOrTime: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  test: /^[-+.\d]/,
  resolve: (text) => timeText(text) ?? goNumber(text) ?? text,
};

const engineSchema = new Schema({
  schema: "core",
  merge: true,
  customTags: (tags) => [
    numberOrTime,
    ...tags.filter((tag) => typeof tag !== "object" || !/:(int|float)$/.test(tag.tag)),
  ],
});

/** Number forms of yaml.v3's resolve.go. */
function goNumber(text: string): number | undefined {
  const special = /^([-+]?)\.(inf|Inf|INF)$/.exec(text);
  if (special) return special[1] === "-" ? -Infinity : Infinity;
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN;
  // Go drops underscores anywhere in a number, but in one that starts with a point.
  const plain = text.startsWith(".") ? text : text.replaceAll("_", "");
  const whole = /^([-+]?)(?:(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[1-9]\d*|0)|0([0-7]+))$/.exec(plain);
  if (whole) {
    const [, sign, value, octal] = whole;
    const magnitude = octal === undefined ? Number(value) : Number.parseInt(octal, 8);
    return sign === "-" ? -magnitude : magnitude;
  }
  return /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain) ? Number(plain) : undefined;
}

const timeForm = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?(Z|[-+]\d\d:\d\d)?)?$/;

/** A time in the text that Go's `Time.String` gives: `2027-06-30 00:00:00 +0000 UTC`. Undefined for what is no time. */
function timeText(text: string): string | undefined {
  const match = timeForm.exec(text);
  if (!match) return undefined;
  const [, year = "", month = "", day = "", mark = " ", hour = "0", minute = "0", second = "0", fraction = ""] = match;
  const zone = match[9];
  // With a T a zone is wanted, with a space there must be none.
  if ((mark === " ") !== (zone === undefined)) return undefined;
  const two = (part: string) => part.padStart(2, "0");
  const date = `${year}-${two(month)}-${two(day)}`;
  const time = `${two(hour)}:${two(minute)}:${two(second)}`;
  const instant = new Date(`${date}T${time}Z`);
  // A day that the month does not have would move into the next one.
  if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(`${date}T${time}`)) return undefined;
  const digits = fraction.slice(0, 9).replace(/0+$/, "");
  const offset = zone?.replace("Z", "+00:00").replace(":", "") ?? "+0000";
  return `${date} ${time}${digits && `.${digits}`} ${offset} ${offset === "+0000" ? "UTC" : offset}`;
}
