import { conditionsOf } from "../../src/jobs/claims-expression.ts";
import { isTable } from "../../src/table.ts";
import { isOf, type Resource, textOf, unknown } from "./resource.ts";

/** The rules that one resource keeps or breaks by itself. Each gives what is wrong and the fix; nothing where all is well. */

/**
 * Nobody administers a feed: whoever does can delete packages and let others in.
 * https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions
 */
export function feedAdministrator(resource: Resource): string[] {
  if (!isOf(resource, "feedPermission") || textOf(resource, "role") !== "administrator") return [];
  return [
    'role: got "administrator", expected reader, collaborator or contributor; publishing takes no more than contributor',
  ];
}

/**
 * An expression with wildcards says whose tokens it means, by ids that no rename gives to somebody else.
 * @param idClaims the claims of which one must be compared with eq, e.g. `repository_id`
 */
export function wildcardWithoutId(resource: Resource, idClaims: readonly string[]): string[] {
  const expression = textOf(resource, "claimsMatchingExpression");
  if (!isOf(resource, "flexibleCredential") || expression === undefined) return [];
  const conditions = conditionsOf(expression);
  if (conditions === undefined) {
    return [
      `claimsMatchingExpression: got ${expression}, expected claims['NAME'] eq or matches 'VALUE', joined by and`,
    ];
  }
  if (conditions.some(({ claim, operator }) => operator === "eq" && idClaims.includes(claim))) return [];
  const clauses = idClaims.map((claim) => `claims['${claim}'] eq 'ID'`).join(" or ");
  return [`claimsMatchingExpression: got ${expression}, expected ${clauses} in it; join it on with and`];
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * A password ends, and within the limit.
 * @param now milliseconds since 1970, which is where one starts that says nothing of its start
 */
export function endlessPassword(resource: Resource, limitDays: number, now: number): string[] {
  if (isOf(resource, "applicationPassword", "servicePrincipalPassword")) {
    return passwordProblems("", resource.properties, limitDays, now);
  }
  const inline = resource.properties.password;
  if (!isOf(resource, "application") || !isTable(inline)) return [];
  return passwordProblems("password.", inline, limitDays, now);
}

function passwordProblems(
  path: string,
  { startDate, endDate, endDateRelative }: Readonly<Record<string, unknown>>,
  limitDays: number,
  now: number,
): string[] {
  if ([startDate, endDate, endDateRelative].includes(unknown)) return [];
  const expected = `expected a day within ${limitDays} days`;
  if (typeof endDate !== "string" && typeof endDateRelative !== "string") {
    return [`${path}endDate: missing, ${expected}; without one the service chooses`];
  }
  const start = typeof startDate === "string" ? Date.parse(startDate) : now;
  const end = typeof endDate === "string" ? Date.parse(endDate) : now + durationOf(String(endDateRelative));
  // Not a number where a date cannot be read: that is as good as no end.
  if (end - start <= limitDays * millisecondsPerDay) return [];
  const key = typeof endDate === "string" ? "endDate" : "endDateRelative";
  return [`${path}${key}: got ${JSON.stringify(endDate ?? endDateRelative)}, ${expected}; set an earlier one`];
}

/** Milliseconds of `8760h` or `1h30m`: https://pkg.go.dev/time#ParseDuration. Not a number for anything else. */
function durationOf(text: string): number {
  if (!/^(\d+(\.\d+)?[hms])+$/.test(text)) return Number.NaN;
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };
  return [...text.matchAll(/([\d.]+)([hms])/g)].reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? Number.NaN),
    0,
  );
}

/** What cannot be made again with the same id is protected: what trusts that id would be left with nothing. */
export function unprotectedIdentity(resource: Resource): string[] {
  if (resource.isProtected) return [];
  if (!isOf(resource, "application", "applicationRegistration", "servicePrincipal", "entitlement")) return [];
  return ["not protected, and cannot be made again with the same id; set the resource option protect"];
}

/** A name by which people mean something secret. `…_ID`, `…_URL` and the like say where it is, not what it is. */
const secretName =
  /(^|_)(CREDENTIALS?|SECRETS?|PASSWORDS?|PASSWD|PWD|TOKENS?|PAT|PRIVATE_KEY|API_?KEY|CONNECTION_STRING)$/i;
/** How credentials look: azure/login's JSON, a private key, GitHub's tokens, an address with a password in it. */
const secretValue =
  /"clientSecret"\s*:|-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(ghp|gho|ghs|github_pat)_\w{20,}|:\/\/[^/\s:@]*:[^/\s@]+@/;

/** Credentials are secrets, never variables: those are printed in logs, and whoever can read the repository reads them. */
export function credentialsInVariable(resource: Resource): string[] {
  if (!isOf(resource, "repositoryVariable", "environmentVariable", "organizationVariable")) return [];
  const name = textOf(resource, "variableName") ?? "";
  // The value itself is not told: it may be what must not be seen.
  if (secretValue.test(textOf(resource, "value") ?? "")) {
    return [`${name}: a variable holds credentials, which everyone who reads the repository can see; make it a secret`];
  }
  if (!secretName.test(name)) return [];
  return [
    `${name}: a variable has the name of a secret, and everyone who reads the repository can see it; make it a secret`,
  ];
}
