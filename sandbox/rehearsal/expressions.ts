/**
 * The part of GitHub's expressions that our own workflows and actions use: literals, contexts, `==`, `!=`, `&&`, `||`,
 * `!`, parentheses, and a few functions. Anything else is an error, never a guess.
 * https://docs.github.com/actions/reference/workflows-and-actions/expressions
 */

export type Value = string | number | boolean | null;

/** The contexts by name: tables in tables, with values at the ends. */
export interface Contexts {
  readonly [name: string]: Value | Contexts | undefined;
}

/** What `success()`, `failure()` and `always()` go by. */
export type JobStatus = "success" | "failure";

/** Text with every `${{ … }}` in it replaced by its value. */
export function interpolate(text: string, contexts: Contexts, status: JobStatus): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => asText(evaluate(expression, contexts, status)));
}

/** Whether a step or job with this `if` runs. One that asks for no status runs only where nothing has failed. */
export function isWanted(condition: string | undefined, contexts: Contexts, status: JobStatus): boolean {
  if (condition === undefined) return status === "success";
  const expression = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition)?.[1] ?? condition;
  const asksForStatus = /\b(always|success|failure|cancelled)\s*\(/.test(expression);
  if (!asksForStatus && status !== "success") return false;
  return isTruthy(evaluate(expression, contexts, status));
}

/** @throws ExpressionError for what is not understood */
export function evaluate(expression: string, contexts: Contexts, status: JobStatus): Value {
  const tokens = tokenize(expression);
  const fail = (what: string): never => {
    throw new ExpressionError(`\${{ ${expression.trim()} }}: ${what}`);
  };
  let at = 0;
  const next = (): string | undefined => tokens[at];
  const take = (): string => tokens[at++] ?? fail("ends too early");
  const expect = (wanted: string): void => {
    const got = take();
    if (got !== wanted) fail(`got ${got}, expected ${wanted}`);
  };

  function or(): Value {
    let left = and();
    while (next() === "||") {
      take();
      const right = and();
      left = isTruthy(left) ? left : right;
    }
    return left;
  }
  function and(): Value {
    let left = equality();
    while (next() === "&&") {
      take();
      const right = equality();
      left = isTruthy(left) ? right : left;
    }
    return left;
  }
  function equality(): Value {
    const left = unary();
    if (next() !== "==" && next() !== "!=") return left;
    const operator = take();
    const right = unary();
    return isSame(left, right) === (operator === "==");
  }
  function unary(): Value {
    if (next() !== "!") return primary();
    take();
    return !isTruthy(unary());
  }
  function primary(): Value {
    const token = take();
    if (token === "(") {
      const value = or();
      expect(")");
      return value;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (token === "true" || token === "false") return token === "true";
    if (token === "null") return null;
    if (!/^[A-Za-z_]/.test(token)) return fail(`got ${token}, expected a value`);
    return next() === "(" ? call(token) : context(token);
  }
  function call(name: string): Value {
    expect("(");
    const parameters: Value[] = [];
    while (next() !== ")") {
      if (parameters.length > 0) expect(",");
      parameters.push(or());
    }
    expect(")");
    const [first = null, second = null] = parameters;
    const texts = [first, second].map((value) => asText(value).toLowerCase()) as [string, string];
    switch (`${name.toLowerCase()}/${parameters.length}`) {
      case "always/0":
        return true;
      case "success/0":
        return status === "success";
      case "failure/0":
        return status === "failure";
      case "cancelled/0":
        return false;
      case "startswith/2":
        return texts[0].startsWith(texts[1]);
      case "endswith/2":
        return texts[0].endsWith(texts[1]);
      case "contains/2":
        return texts[0].includes(texts[1]);
      default:
        return fail(`there is no function ${name} with ${parameters.length} parameters here`);
    }
  }
  function context(name: string): Value {
    if (!(name in contexts)) fail(`there is no context ${name} here`);
    let found: Value | Contexts | undefined = contexts[name];
    while (next() === ".") {
      take();
      const key = take().toLowerCase();
      const table: Contexts = typeof found === "object" && found !== null ? found : {};
      // Names count in any case, and what is not there is empty.
      found = Object.entries(table).find(([known]) => known.toLowerCase() === key)?.[1] ?? null;
    }
    if (typeof found === "object" && found !== null) return fail(`${name} is a table, expected a value`);
    return found ?? null;
  }

  const value = or();
  if (at < tokens.length) fail(`got ${tokens[at]}, expected the end`);
  return value;
}

/** A mistake in a workflow, or something that the rehearsal does not know of. */
export class ExpressionError extends Error {}

function tokenize(expression: string): string[] {
  const token = /\s*('(?:[^']|'')*'|\d+(?:\.\d+)?|==|!=|&&|\|\||[!().,]|[A-Za-z_][\w-]*)/y;
  const tokens: string[] = [];
  const text = expression.trimEnd();
  while (token.lastIndex < text.length) {
    const from = token.lastIndex;
    const [, found] = token.exec(text) ?? [];
    if (found === undefined) {
      throw new ExpressionError(`\${{ ${expression.trim()} }}: nothing here knows ${text.slice(from).trim()}`);
    }
    tokens.push(found);
  }
  return tokens;
}

const isTruthy = (value: Value): boolean => value !== "" && value !== 0 && value !== false && value !== null;

const asText = (value: Value): string => (value === null ? "" : String(value));

/** Texts are compared whatever their case. Nothing is the same as empty text. */
function isSame(left: Value, right: Value): boolean {
  if (typeof left === typeof right && typeof left !== "string") return left === right;
  return asText(left).toLowerCase() === asText(right).toLowerCase();
}
