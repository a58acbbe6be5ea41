import { type ClaimOperator, parseClaimsExpression } from "../entra/claims-expression.ts";
import type { FederatedCredential } from "../entra/directory.ts";
import { type GraphError, refusals } from "./errors.ts";

/** https://learn.microsoft.com/graph/api/resources/federatedidentitycredentials-overview#design-considerations */
const mostPerApplication = 20;
const longestName = 120;
const longestValue = 600;
const objectType = "objectType: Microsoft.Online.DirectoryServices.Application";

interface ExpressionRules {
  readonly operators: ReadonlyMap<string, readonly ClaimOperator[]>;
  /** One claim of each group has to be there. */
  readonly required: readonly (readonly string[])[];
}

const both: readonly ClaimOperator[] = ["eq", "matches"];

/**
 * Issuers whose tokens an expression may match, and on which claims. GitHub's needs an id that no rename changes, next
 * to the subject: https://github.com/hashicorp/terraform-provider-azuread/issues/1901
 */
const expressionRules: ReadonlyMap<string, ExpressionRules> = new Map([
  [
    "https://token.actions.githubusercontent.com",
    {
      operators: new Map<string, readonly ClaimOperator[]>([
        ["sub", both],
        ["job_workflow_ref", both],
        ["repository_id", ["eq"]],
        ["repository_owner_id", ["eq"]],
      ]),
      required: [["sub"], ["repository_id", "repository_owner_id"]],
    },
  ],
]);

/** A credential before it is stored. */
export type CredentialDraft = Omit<FederatedCredential, "id">;

/**
 * Why the directory refuses a credential; undefined where it takes it.
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 * @param others the application's other credentials
 */
export function credentialRefusal(
  draft: CredentialDraft,
  others: readonly FederatedCredential[],
): GraphError | undefined {
  return nameRefusal(draft, others) ?? valueRefusal(draft) ?? trustRefusal(draft, others) ?? countRefusal(others);
}

function nameRefusal({ name }: CredentialDraft, others: readonly FederatedCredential[]): GraphError | undefined {
  // The page has no dots among the characters; HashiCorp's acceptance tests make such names against the service since 2024
  // (`hashitown.example.com-x`): https://github.com/hashicorp/terraform-provider-azuread
  if (name.length > longestName || !/^[A-Za-z0-9][A-Za-z0-9._-]{2,}$/.test(name)) {
    return refusals.invalidCredential(
      `Federated Identity Credential name '${name}' is invalid. paramName: FederatedIdentityCredential.Name, paramValue: ${name}, ${objectType}`,
    );
  }
  if (others.some((other) => other.name === name)) {
    return refusals.conflict(`FederatedIdentityCredential with name ${name} already exists.`);
  }
  return undefined;
}

function valueRefusal({ issuer, subject, audiences, description }: CredentialDraft): GraphError | undefined {
  if (issuer === "") return refusals.badRequest("Property 'issuer' cannot be empty.");
  if (audiences.length !== 1) {
    return refusals.invalidCredential("Federated identity credentials must have exactly one audience.");
  }
  const limited = { Issuer: issuer, Subject: subject, Audiences: audiences[0], Description: description };
  for (const [part, value] of Object.entries(limited)) {
    if (value && value.length > longestValue) {
      return refusals.invalidCredential(
        `The value of FederatedIdentityCredential.${part} exceeds ${longestValue} characters. paramName: FederatedIdentityCredential.${part}, ${objectType}`,
      );
    }
  }
  return undefined;
}

function trustRefusal(draft: CredentialDraft, others: readonly FederatedCredential[]): GraphError | undefined {
  const { issuer, subject, claimsMatchingExpression } = draft;
  if (claimsMatchingExpression !== null) {
    if (subject) {
      return refusals.invalidCredential(
        `Only one of FederatedIdentityCredential.Subject and FederatedIdentityCredential.ClaimsMatchingExpression can be set. paramName: FederatedIdentityCredential.ClaimsMatchingExpression, ${objectType}`,
      );
    }
    return expressionRefusal(issuer, claimsMatchingExpression.value, claimsMatchingExpression.languageVersion);
  }
  if (!subject) return refusals.badRequest("Property 'subject' cannot be empty.");
  if (others.some((other) => other.issuer === issuer && other.subject === subject)) {
    return refusals.invalidCredential(
      `The combination of issuer and subject must be unique for the application. Issuer ${issuer} and Subject: ${subject} already exist. paramName: FederatedIdentityCredential.Subject, paramValue: ${subject}, ${objectType}`,
    );
  }
  return undefined;
}

function expressionRefusal(issuer: string, value: string, languageVersion: number): GraphError | undefined {
  const invalid = (reason: string): GraphError =>
    refusals.invalidCredential(
      `The FederatedIdentityCredential.ClaimsMatchingExpression.Value is invalid. Rule exception: ${reason} paramName: FederatedIdentityCredential.ClaimsMatchingExpression.Value, paramValue: ${value}, ${objectType}`,
    );
  if (languageVersion !== 1) return invalid(`Language version ${languageVersion} is not supported.`);
  const rules = expressionRules.get(issuer);
  if (!rules) return invalid(`Expressions are not supported for issuer '${issuer}'.`);
  const parsed = parseClaimsExpression(value);
  if (!parsed.valid) return invalid(`Expression cannot be parsed: ${parsed.reason}.`);
  const claims = parsed.conditions.map((condition) => condition.claim);
  const allowed = parsed.conditions.every(({ claim, operator }) => rules.operators.get(claim)?.includes(operator));
  const complete = rules.required.every((group) => group.some((claim) => claims.includes(claim)));
  if (allowed && complete) return undefined;
  return invalid(
    `Expression configured for issuer '${issuer}' either lacks all required claims or contains unallowed claims.`,
  );
}

function countRefusal(others: readonly FederatedCredential[]): GraphError | undefined {
  if (others.length < mostPerApplication) return undefined;
  return refusals.invalidCredential(
    `A maximum of ${mostPerApplication} federated identity credentials can be added to an application. ${objectType}`,
  );
}
