import { z } from "zod";
import type { Graph } from "../graph.ts";

/** The types of what an application is proven with. */
export const credentialTypes = {
  classic: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  flexible:
    "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
  password: "azuread:index/applicationPassword:ApplicationPassword",
} as const;

/** A federated identity credential as Microsoft Graph has it. */
export interface ListedCredential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  /** What it compares tokens with: a subject, or the expression of a flexible one. */
  readonly value: string;
}

const credential = z
  .object({
    id: z.string(),
    name: z.string(),
    issuer: z.string(),
    subject: z.string().nullish(),
    claimsMatchingExpression: z.object({ value: z.string() }).nullish(),
  })
  .transform(({ id, name, issuer, subject, claimsMatchingExpression }): ListedCredential => {
    return { id, name, issuer, value: claimsMatchingExpression?.value ?? subject ?? "" };
  });

/** Where an application's credentials are. The beta API alone knows those of both kinds. */
export const credentialsPath = (objectId: string): string =>
  `/beta/applications/${objectId}/federatedIdentityCredentials`;

/** Every federated identity credential of an application. @throws Unanswered */
export function listCredentials(graph: Graph, objectId: string): Promise<ListedCredential[]> {
  return graph.list(credentialsPath(objectId), credential);
}

/** `/applications/{object id}`, as the provider names it; undefined for what is known only later. */
export function objectIdOf(applicationId: unknown): string | undefined {
  return typeof applicationId === "string" ? /^\/applications\/([^/]+)$/.exec(applicationId)?.[1] : undefined;
}
