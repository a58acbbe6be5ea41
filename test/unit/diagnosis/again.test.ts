import { describe, expect, test } from "vitest";
import { isLocked, isPassing } from "../../../src/diagnosis/again.ts";

// Words that the engine, the providers and the program were seen to say.

const locked =
  "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with " +
  "`pulumi cancel`.\n  file:///state/.pulumi/locks/organization/feedpass/x/1.json: created by root@vm (pid 7) at 2026-11-29T01:24:31Z";

describe("worth running again", () => {
  test.each([
    locked,
    "[409] Conflict: Another update is currently in progress.",
    "Microsoft Graph answers 503 (Service unavailable) to /v1.0/applications; run it again",
    "POST https://api.github.com/repos/contoso/widgets/actions/variables: 502 Bad Gateway []",
    "unexpected status 429 (429 Too Many Requests) with OData error",
    "GET https://api.github.com/repos/contoso/widgets: 403 API rate limit exceeded for installation",
    "graph.microsoft.com cannot be reached: connect ECONNREFUSED 127.0.0.1:443",
    'Post "https://login.microsoftonline.com/x/oauth2/v2.0/token": dial tcp: lookup login.microsoftonline.com: no such host',
    "read tcp 10.0.0.1:1->10.0.0.2:443: read: connection reset by peer",
    "its process ended (SIGKILL)",
  ])("%s", (error) => {
    expect(isPassing([error])).toBe(true);
  });

  test("what the program says of an error beside it does not count", () => {
    expect(isPassing(["status code 503", "what this means: insufficient permissions"])).toBe(true);
  });
});

describe("a person is needed", () => {
  test.each([
    ['stacks/Pulumi.x.yaml: identities.reader.role: got "owner", expected reader, collaborator or contributor'],
    ['contoso/widgets has the variable AZURE_CLIENT_ID already, with the value "…"'],
    ["Insufficient privileges to complete the operation."],
    ["the limit is 500 variables, and 502 are there"],
    ["POST https://dev.azure.com/contoso: 501 Not Implemented"],
    ["incorrect passphrase"],
    ["failed to load checkpoint: place 1: unexpected end of JSON input"],
    ["status code 503", "Insufficient privileges to complete the operation."],
    [],
  ])("%s", (...errors) => {
    expect(isPassing(errors)).toBe(false);
  });
});

test("a lock is told from other refusals", () => {
  expect([isLocked(locked), isLocked("status code 503"), isLocked("409: already exists")]).toEqual([
    true,
    false,
    false,
  ]);
});
