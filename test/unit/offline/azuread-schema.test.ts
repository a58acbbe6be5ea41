import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { azuread } from "../../../sandbox/offline/providers/azuread/definition.ts";
import { type SignedInProvider, signedInProvider } from "../../support/azuread-provider.ts";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/azuread/package.json"));
let directory: SignedInProvider;

beforeAll(async () => {
  directory = await signedInProvider();
});

/** What the official SDK's class of this token sends to its provider. */
async function published(token: string) {
  const module = basename(token.split(":")[1] ?? "");
  const source = await readFile(join(sdk, `${module}.js`), "utf8");
  const all = (pattern: RegExp) => [...new Set([...source.matchAll(pattern)].map(([, name]) => name))].sort();
  return {
    inputs: all(/resourceInputs\["(\w+)"\] = args\?\./g),
    required: all(/Missing required property '(\w+)'/g),
    secrets: all(/additionalSecretOutputs: \["(\w+)"\]/g),
  };
}

test("the stand-in is of the version of the installed SDK", async () => {
  const { version } = JSON.parse(await readFile(join(sdk, "package.json"), "utf8"));

  expect(azuread.version).toBe(version);
});

test.each([
  "Application",
  "ApplicationFederatedIdentityCredential",
  "ApplicationFlexibleFederatedIdentityCredential",
  "ApplicationOwner",
  "ApplicationPassword",
  "ApplicationRegistration",
  "ServicePrincipal",
])("%s has the inputs, required ones and secrets of the official SDK", async (type) => {
  const { token, inputs, requiredInputs, secrets } = directory.resource(type);

  expect({ inputs: [...inputs].sort(), required: [...requiredInputs].sort(), secrets: [...secrets] }).toEqual(
    await published(token),
  );
});
