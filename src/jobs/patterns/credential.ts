import { any } from "./characters.ts";
import { literally, type Part, type Pattern } from "./pattern.ts";

/**
 * What `matches` of a flexible federated credential compares with, and so a branch or tag of a trust list: `*` stands for
 * any run of characters, slashes and colons too, and `?` for any one. There is nothing to escape them with.
 * https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials
 */
export function credentialPattern(text: string): Pattern {
  return [...text.matchAll(/\*+|./gsu)].flatMap(([part]): readonly Part[] => {
    if (part.startsWith("*")) return [{ kind: "many", set: any }];
    return part === "?" ? [{ kind: "one", set: any }] : literally(part);
  });
}
