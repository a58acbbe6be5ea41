import { z } from "zod";

/**
 * One of these words, as the service reads enumerations: in any case, or by its number in the list. Clients send either.
 * https://github.com/microsoft/azure-devops-node-api/blob/master/api/interfaces/CoreInterfaces.ts
 */
export function enumeration<const T extends readonly string[]>(words: T) {
  return z.union([z.string(), z.number()]).transform((given, context): T[number] => {
    const found =
      typeof given === "number" ? words[given] : words.find((word) => word.toLowerCase() === given.toLowerCase());
    if (found !== undefined) return found;
    context.addIssue({ code: "custom", message: `'${given}' is none of ${words.join(", ")}` });
    return z.NEVER;
  });
}
