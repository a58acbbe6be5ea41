import { z } from "zod";
import type { Graph } from "../graph.ts";
import { credentialsPath, listCredentials, objectIdOf } from "../own/credentials.ts";
import type { AlreadyThere, Inputs } from "./way-out.ts";

/** Credentials and passwords on an application of this stack's own, which only an up of this stack puts there. */

/**
 * A credential of that name on the application. With the same issuer and the same subject or expression it is the one that
 * is about to be made; otherwise somebody has changed it, and that is told.
 */
export async function lookUpCredential(graph: Graph, inputs: Inputs): Promise<AlreadyThere | undefined> {
  const { applicationId, displayName, issuer, subject, claimsMatchingExpression } = inputs;
  const id = objectIdOf(applicationId);
  if (id === undefined) return undefined;
  const found = (await listCredentials(graph, id)).find(({ name }) => name === displayName);
  if (found === undefined) return undefined;
  const isSame = found.issuer === issuer && found.value === (claimsMatchingExpression ?? subject);
  const takeAway = async () => void (await graph.ask(`${credentialsPath(id)}/${found.id}`, { method: "DELETE" }));
  return {
    ...(isSame ? { takeAway } : {}),
    what: `the application ${id} has a federated credential ${found.name} already, for ${found.value} of ${found.issuer}`,
    importId:
      claimsMatchingExpression === undefined
        ? `${id}/federatedIdentityCredential/${found.id}`
        : `/applications/${id}/federatedIdentityCredentials/${found.id}`,
    otherwise: [
      "to delete it",
      `az ad app federated-credential delete --id ${id} --federated-credential-id ${found.id}`,
    ],
  };
}

const withPasswords = z.object({
  passwordCredentials: z.array(
    z.object({ keyId: z.string(), displayName: z.string().nullish(), endDateTime: z.string().nullish() }),
  ),
});

/**
 * A client secret with that name and that end: nobody has ever seen its value but an up whose answer was lost. One that is
 * to be replaced by another has another end.
 */
export async function lookUpPassword(graph: Graph, inputs: Inputs): Promise<AlreadyThere | undefined> {
  const { applicationId, displayName, endDate } = inputs;
  const id = objectIdOf(applicationId);
  if (id === undefined || typeof endDate !== "string") return undefined;
  const [application] = await graph.list(
    `/v1.0/applications?$filter=${encodeURIComponent(`id eq '${id}'`)}`,
    withPasswords,
  );
  const left = (application?.passwordCredentials ?? []).filter(
    (one) => one.displayName === displayName && Date.parse(one.endDateTime ?? "") === Date.parse(endDate),
  );
  const [first] = left;
  if (first === undefined) return undefined;
  return {
    takeAway: async () => {
      for (const { keyId } of left) {
        const body = JSON.stringify({ keyId });
        await graph.ask(`/v1.0/applications/${id}/removePassword`, { method: "POST", body });
      }
    },
    what: `the application ${id} has a client secret ${String(displayName)} until ${endDate} already`,
    importId: `${id}/password/${first.keyId}`,
    otherwise: ["to delete it", `az ad app credential delete --id ${id} --key-id ${first.keyId}`],
  };
}
