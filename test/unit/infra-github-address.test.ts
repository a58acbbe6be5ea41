import { describe, expect, test } from "vitest";
import { apiAddress, issuerOfSite } from "../../infra/github/address.ts";
import { siteOfIssuer } from "../../src/repository.ts";

describe("the GitHub that a stack is about", () => {
  test.each([
    ["https://token.actions.octocorp.ghe.com", "octocorp.ghe.com", "https://api.octocorp.ghe.com/"],
    ["https://token.actions.octocorp.ghe.com/octocorp", "octocorp.ghe.com", "https://api.octocorp.ghe.com/"],
    ["https://token.actions.githubusercontent.com", undefined, undefined],
    ["https://token.actions.githubusercontent.com/octocorp.ghe.com", undefined, undefined],
    [undefined, undefined, undefined],
  ])("is by the issuer %s at %s, with its API at %s", (issuer, site, api) => {
    expect(siteOfIssuer(issuer)).toBe(site);
    expect(apiAddress(issuer, undefined)).toBe(api);
  });

  test("is where GITHUB_BASE_URL says, whatever the issuer", () => {
    const own = "https://github.example.com/api/v3/";

    expect(apiAddress("https://token.actions.octocorp.ghe.com", own)).toBe(own);
    expect(apiAddress(undefined, own)).toBe(own);
  });

  test.each([
    ["https://api.octocorp.ghe.com", "https://token.actions.octocorp.ghe.com"],
    ["https://api.octocorp.ghe.com/", "https://token.actions.octocorp.ghe.com"],
    ["https://api.github.com/", undefined],
    ["https://github.example.com/api/v3/", undefined],
    [undefined, undefined],
  ])("has for the API %s the issuer %s", (address, issuer) => {
    expect(issuerOfSite(address)).toBe(issuer);
  });
});
