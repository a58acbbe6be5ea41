/**
 * The expression language of flexible federated identity credentials, version 1: `claims['x'] eq 'y'` and
 * `claims['x'] matches 'y'` with `*` and `?`, joined by `and`. There is no `or`, no negation, no parenthesis.
 * https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials
 */

export type ClaimOperator = "eq" | "matches";

/** One comparison; an expression holds when all of its conditions hold. */
export interface ClaimCondition {
  readonly claim: string;
  readonly operator: ClaimOperator;
  readonly comparand: string;
}

export type ParsedExpression =
  | { readonly valid: true; readonly conditions: readonly ClaimCondition[] }
  | { readonly valid: false; readonly reason: string };

const lookup = /claims\['([A-Za-z0-9_]+)'\]/y;
const operator = / (eq|matches) /y;
const comparand = /'((?:[^']|'')*)'/y;
const conjunction = /( and )/y;

/**
 * Reads an expression. Operators stand between single spaces, and a quote inside a comparand is written twice.
 * The reason of a refusal names the position, counted from 0.
 */
export function parseClaimsExpression(text: string): ParsedExpression {
  const conditions: ClaimCondition[] = [];
  let position = 0;

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (!found) return undefined;
    position = pattern.lastIndex;
    return found[1];
  }
  const expected = (what: string): ParsedExpression => ({ valid: false, reason: `expected ${what} at ${position}` });

  do {
    const claim = take(lookup);
    if (claim === undefined) return expected("claims['<name>']");
    const name = take(operator);
    if (name === undefined) return expected("' eq ' or ' matches '");
    const quoted = take(comparand);
    if (quoted === undefined) return expected("a comparand in single quotes");
    conditions.push({ claim, operator: name as ClaimOperator, comparand: quoted.replaceAll("''", "'") });
    if (position === text.length) return { valid: true, conditions };
  } while (take(conjunction) !== undefined);
  return expected("' and ' or the end");
}

/** Whether all conditions hold for the claims. A claim that is absent or no string satisfies nothing. */
export function claimsSatisfy(
  conditions: readonly ClaimCondition[],
  claims: Readonly<Record<string, unknown>>,
): boolean {
  return conditions.every((condition) => {
    const value = claims[condition.claim];
    if (typeof value !== "string") return false;
    return condition.operator === "eq" ? value === condition.comparand : matchesWildcard(condition.comparand, value);
  });
}

/**
 * Whether the whole value fits the pattern: `*` stands for any run of characters, the empty one too, and `?` for exactly
 * one. Case matters. Takes time in proportion to both lengths multiplied, whatever the pattern.
 */
export function matchesWildcard(pattern: string, value: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    if (pattern[next] === "*") {
      star = next++;
      resume = at;
    } else if (next < pattern.length && (pattern[next] === "?" || pattern[next] === value[at])) {
      next++;
      at++;
    } else if (star >= 0) {
      // The last star takes one character more, and the rest is tried again.
      next = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[next] === "*") next++;
  return next === pattern.length;
}
