import { identityName } from "../../src/names.ts";
import type { SecretEnd } from "../../src/settings/secret-end.ts";
import { credentialTypes } from "./credentials.ts";
import { type State, stateKey } from "./state.ts";

/**
 * Those of the client secrets that no up has made yet with the end that the file says. One that it has made stays as it
 * is, also when it has ended; of these one would have to be made.
 * @param root the component's name, as for `identityName`
 */
export function withoutSecret(ends: readonly SecretEnd[], state: State, root: string): SecretEnd[] {
  return ends.filter(({ identity, day }) => {
    const made = state.get(stateKey(credentialTypes.password, `${identityName(root, identity)}/secret`));
    return made === undefined || Date.parse(String(made.endDate)) !== Date.parse(day);
  });
}
