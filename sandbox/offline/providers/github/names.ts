import type { InputRule } from "../properties.ts";

/** What a secret or a variable may be called: https://docs.github.com/actions/reference/security/secrets#naming-your-secrets */
export const settingName: InputRule = (value) => {
  const name = String(value);
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
    return "secret names can only contain alphanumeric characters or underscores and must not start with a number";
  }
  return name.toUpperCase().startsWith("GITHUB_") ? "secret names must not start with the GITHUB_ prefix" : undefined;
};
