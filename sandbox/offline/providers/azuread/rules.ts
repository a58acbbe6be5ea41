import type { InputRule } from "../properties.ts";

/** https://learn.microsoft.com/graph/api/resources/application#signinaudience-values */
export const signInAudiences = [
  "AzureADMyOrg",
  "AzureADMultipleOrgs",
  "AzureADandPersonalMicrosoftAccount",
  "PersonalMicrosoftAccount",
];

export const notEmpty: InputRule = (value, property) =>
  value === "" ? `expected "${property}" to not be an empty string` : undefined;

export const httpUrl: InputRule = (value, property) => {
  const url = parseUrl(String(value));
  return url && ["http:", "https:"].includes(url.protocol) && url.host !== ""
    ? undefined
    : `expected "${property}" to be a valid HTTP or HTTPS URL, got ${String(value)}`;
};

/** RFC 3339, as in `2027-01-31T00:00:00Z`. */
export const dateTime: InputRule = (value, property) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(String(value)) &&
  !Number.isNaN(Date.parse(String(value)))
    ? undefined
    : `expected "${property}" to be a valid RFC3339 date, got ${String(value)}`;

/** Text of this many characters. */
export function length(minimum: number, maximum: number): InputRule {
  return (value, property) => {
    const { length: actual } = String(value);
    return actual >= minimum && actual <= maximum
      ? undefined
      : `expected length of ${property} to be in the range (${minimum} - ${maximum}), got ${actual} characters`;
  };
}

/** What the offline provider does not do, though the official one does. */
export function notOffline(instead: string): InputRule {
  return (_value, property) => `the offline azuread provider does not know ${property}; ${instead}`;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
