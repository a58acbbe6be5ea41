import { text } from "../shapes.ts";

/** Who signs the tokens of jobs: github.com, an enterprise there, or a site of its own on ghe.com. */
export const issuerAddress = text(
  /^https:\/\/token\.actions\.(githubusercontent\.com(\/[A-Za-z0-9][A-Za-z0-9-]*)?|[a-z0-9][a-z0-9-]*\.ghe\.com(\/[A-Za-z0-9][A-Za-z0-9-]*)?)$/,
  "https://token.actions.githubusercontent.com, with /ENTERPRISE after it, or https://token.actions.SUBDOMAIN.ghe.com",
  (got) => (/^https:.*\/$/.test(String(got)) ? "write it without the slash at its end" : undefined),
);
