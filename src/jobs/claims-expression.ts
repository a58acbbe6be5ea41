import { credentialPattern } from "./patterns/credential.ts";
import { literally, matches, type Pattern } from "./patterns/pattern.ts";

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
export function satisfies(condition: ClaimCondition, value: string): boolean {
  return matches(wantedBy(condition), value);
}

/** The values that a comparison wants, as a pattern to compare with others. */
export function wantedBy({ operator, value }: ClaimCondition): Pattern {
  return operator === "eq" ? literally(value) : credentialPattern(value);
}
