import { expect, test } from "vitest";
import { withoutSecret } from "../../../infra/own/secrets.ts";
import { type State, stateKey } from "../../../infra/own/state.ts";
import type { SecretEnd } from "../../../src/settings/secret-end.ts";

// Proves of which ended client secrets another would have to be made: of those that the state has not, or with another end.

const type = "azuread:index/applicationPassword:ApplicationPassword";
const end: SecretEnd = { identity: "ci", signIn: "secret", day: "2026-11-30", daysLeft: 0, state: "ended" };

test.each<[what: string, state: State, isToBeMade: boolean]>([
  ["a stack that is not there yet", new Map(), true],
  ["one that has it", new Map([[stateKey(type, "access/ci/secret"), { endDate: "2026-11-30T00:00:00Z" }]]), false],
  [
    "one that has it, as Entra writes the day",
    new Map([[stateKey(type, "access/ci/secret"), { endDate: "2026-11-30T00:00:00.0000000Z" }]]),
    false,
  ],
  [
    "one that has it with another end",
    new Map([[stateKey(type, "access/ci/secret"), { endDate: "2027-11-30T00:00:00Z" }]]),
    true,
  ],
  [
    "one that has another identity's",
    new Map([[stateKey(type, "access/cd/secret"), { endDate: "2026-11-30T00:00:00Z" }]]),
    true,
  ],
])("%s", (_what, state, isToBeMade) => {
  expect(withoutSecret([end], state, "access")).toEqual(isToBeMade ? [end] : []);
});
