/**
 * What the expressions of flexible federated credentials accept: `claims['x'] eq 'y'` and `claims['x'] matches 'y'`,
 * joined by `and`. `*` stands for any run of characters, slashes and colons too, and `?` for any one.
 * https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials
 */

/** One comparison of an expression. */
export interface ClaimCondition {
  readonly claim: string;
  readonly operator: "eq" | "matches";
  readonly value: string;
}

const condition = /^claims\['(\w+)'\]\s+(eq|matches)\s+'((?:[^']|'')*)'/;
const conjunction = /^\s+and\s+/;

/** The comparisons of an expression, all of which must hold; undefined for text that is no expression. */
export function conditionsOf(expression: string): ClaimCondition[] | undefined {
  const conditions: ClaimCondition[] = [];
  let rest = expression.trim();
  for (;;) {
    const [text, claim, operator, value] = condition.exec(rest) ?? [];
    if (text === undefined || claim === undefined || value === undefined) return undefined;
    conditions.push({ claim, operator: operator === "eq" ? "eq" : "matches", value: value.replaceAll("''", "'") });
    rest = rest.slice(text.length);
    if (rest === "") return conditions;
    const [and] = conjunction.exec(rest) ?? [];
    if (and === undefined) return undefined;
    rest = rest.slice(and.length);
  }
}

/** Whether a value satisfies one comparison. Case counts. */
export function satisfies({ operator, value: wanted }: ClaimCondition, value: string): boolean {
  return operator === "eq" ? value === wanted : meet(tokensOf(wanted), [...value]);
}

/**
 * Whether a value of some shape can satisfy one comparison.
 * @param shape the value, with `*` for a run of characters without a colon: in subjects, GitHub escapes those of values
 */
export function canSatisfy({ operator, value: wanted }: ClaimCondition, shape: string): boolean {
  const shapeTokens = [...shape].map((character) => (character === "*" ? runWithoutColon : character));
  return meet(operator === "eq" ? [...wanted] : tokensOf(wanted), shapeTokens);
}

const anyRun = Symbol("*");
const anyOne = Symbol("?");
const runWithoutColon = Symbol("* without colons");
type Token = string | symbol;

function tokensOf(pattern: string): Token[] {
  return [...pattern].map((character) => (character === "*" ? anyRun : character === "?" ? anyOne : character));
}

/** Whether some text fits both. Takes time in proportion to both lengths multiplied, whatever the patterns. */
function meet(left: readonly Token[], right: readonly Token[]): boolean {
  // row[j]: whether `left` from i on and `right` from j on can be the same text; below is the row of i + 1.
  let row: boolean[] = [];
  for (let i = left.length; i >= 0; i--) {
    const below = row;
    row = [];
    for (let j = right.length; j >= 0; j--) {
      const [one, other] = [left[i], right[j]];
      const [oneLess, otherLess, bothLess] = [below[j] === true, row[j + 1] === true, below[j + 1] === true];
      if (one === undefined && other === undefined) row[j] = true;
      // A run ends here, or takes one more from the other side.
      else if (one === anyRun) row[j] = oneLess || (other !== undefined && otherLess);
      else if (other === runWithoutColon) row[j] = otherLess || (one !== undefined && one !== ":" && oneLess);
      else row[j] = one !== undefined && other !== undefined && (one === other || one === anyOne) && bothLess;
    }
  }
  return row[0] === true;
}
