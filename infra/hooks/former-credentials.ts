import { z } from "zod";
import { passwordDisplayName } from "../../src/names.ts";
import type { Graph } from "../graph.ts";

/** What an identity can be proven with, as the program registers it. */
export interface KnownProofs {
  /** The names of its federated credentials. */
  readonly credentials: ReadonlySet<string>;
  readonly hasSecret: boolean;
}

const credentialsAnswer = z.object({
  value: z.array(z.object({ id: z.string(), name: z.string(), audiences: z.array(z.string()) })),
});
const applicationAnswer = z.object({ passwordCredentials: z.array(z.object({ displayName: z.string().nullish() })) });

/** An audience that no token has: GitHub makes tokens for any that a job asks for, so nobody can know it beforehand. */
const nobodysAudience = () => `feedpass-takes-this-away-${crypto.randomUUID()}`;

/**
 * Sees to it, before an identity may do more, that nothing proves it any more but what the program registers. The engine
 * deletes at its end, so until then the former credentials take no token any more: they stay, so that the provider still
 * finds what it is to delete. The beta API knows credentials of both kinds.
 * https://learn.microsoft.com/graph/api/federatedidentitycredential-update
 * @param application its id, as the provider has it: `/applications/ID`
 * @throws Error where a client secret would go only at the end: nothing but its removal stops it
 */
export async function silenceFormerCredentials(graph: Graph, application: string, known: KnownProofs): Promise<void> {
  const path = `/beta${application}/federatedIdentityCredentials`;
  const [listed, itself] = await Promise.all([graph.ask(path), graph.ask(`/beta${application}`)]);
  const former = credentialsAnswer.parse(listed.body).value.filter(({ name }) => !known.credentials.has(name));
  await Promise.all(
    former.map(({ id }) =>
      graph.ask(`${path}/${id}`, { method: "PATCH", body: JSON.stringify({ audiences: [nobodysAudience()] }) }),
    ),
  );
  const secrets = applicationAnswer
    .parse(itself.body)
    .passwordCredentials.filter(({ displayName }) => displayName === passwordDisplayName);
  if (known.hasSecret || secrets.length === 0) return;
  throw new Error(
    "its client secret is there until the end of this up, and whoever has it would get the role too; " +
      "take the secret away first, with the role as it was, in an up of its own",
  );
}
