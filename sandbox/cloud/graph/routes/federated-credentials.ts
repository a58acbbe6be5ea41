import {
  type Application,
  type ClaimsMatchingExpression,
  directory,
  type FederatedCredential,
} from "../../entra/directory.ts";
import type { CloudContext } from "../../service.ts";
import { errorBody, GraphError, refusals } from "../errors.ts";
import { type CredentialDraft, credentialRefusal } from "../federated-credential-rules.ts";
import { credentialName } from "../lookup.ts";
import { page, refuseOtherOptions, type Shape, select } from "../odata.ts";
import { answerHeaders, entity, list, metadataContext, noContent, type Register } from "../register.ts";
import { credentialShape, type Version } from "../shapes.ts";

const path = "/applications/:id/federatedIdentityCredentials";

/** Whom an application trusts: https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
export function federatedCredentialRoutes(register: Register, context: CloudContext): void {
  const { federatedCredentials } = directory(context.store);
  const ofApplication = (application: Application) => federatedCredentials.where("applicationId", application.id);

  function create(application: Application, version: Version, body: Shape): Response {
    const draft = readDraft(emptyDraft(application), version, body);
    const refusal = credentialRefusal(draft, ofApplication(application));
    if (refusal) throw refusal;
    const credential = federatedCredentials.insert({ id: crypto.randomUUID(), ...draft });
    return entity(version, `${contextOf(application)}/$entity`, credentialShape(credential, version), 201);
  }

  register("GET", path, ({ lookup, version, url, param }) => {
    const application = lookup.application(param("id"), "read");
    const credentials = ofApplication(application);
    const flexible = credentials.find(({ subject }) => subject === null);
    if (version === "v1.0" && flexible) {
      const whole = credentials.slice(0, credentials.indexOf(flexible)).map((each) => credentialShape(each, version));
      const open = JSON.stringify({ "@odata.context": metadataContext(version, contextOf(application)), value: whole });
      return tornAnswer(`${open.slice(0, -2)}${whole.length > 0 ? "," : ""}{`, flexible, context.now());
    }
    const shapes = credentials.map((each) => credentialShape(each, version));
    return list(version, contextOf(application), page(url, shapes, "federatedIdentityCredential"));
  });

  register("POST", path, async (request) => {
    const application = request.lookup.application(request.param("id"), "write");
    return create(application, request.version, await request.body());
  });

  register("GET", `${path}/:credential`, ({ lookup, version, url, param }) => {
    refuseOtherOptions(url, ["$select"]);
    const application = lookup.application(param("id"), "read");
    const credential = lookup.credential(application, param("credential"));
    if (!credential) throw refusals.notFound(credentialName(param("credential")) ?? param("credential"));
    const what = `${contextOf(application)}/$entity`;
    if (version === "v1.0" && credential.subject === null) {
      const open = JSON.stringify({ "@odata.context": metadataContext(version, what) });
      return tornAnswer(`${open.slice(0, -1)},`, credential, context.now());
    }
    const names = url.searchParams.get("$select") ?? undefined;
    const shape = select(credentialShape(credential, version), names, "federatedIdentityCredential");
    return entity(version, what, shape);
  });

  register("PATCH", `${path}/:credential`, async (request) => {
    const application = request.lookup.application(request.param("id"), "write");
    const key = request.param("credential");
    const credential = request.lookup.credential(application, key);
    const { id, ...body } = await request.body();
    if (!credential) {
      const name = credentialName(key) ?? key;
      if (!wantsUpsert(request.headers)) throw refusals.notFound(name);
      if (body.name !== undefined && body.name !== name)
        throw refusals.invalidValue("name", "FederatedIdentityCredential");
      return create(application, request.version, { ...body, name });
    }
    if (id !== undefined && id !== credential.id) throw refusals.readOnlyProperty("id");
    if (body.name !== undefined && body.name !== credential.name) throw refusals.readOnlyProperty("name");
    const draft = readDraft(credential, request.version, body);
    const others = ofApplication(application).filter((other) => other.id !== credential.id);
    const refusal = credentialRefusal(draft, others);
    if (refusal) throw refusal;
    federatedCredentials.update(credential.id, draft);
    return noContent();
  });

  register("DELETE", `${path}/:credential`, ({ lookup, param }) => {
    const application = lookup.application(param("id"), "write");
    const credential = lookup.credential(application, param("credential"));
    if (!credential) throw refusals.notFound(credentialName(param("credential")) ?? param("credential"));
    federatedCredentials.delete(credential.id);
    return noContent();
  });
}

const contextOf = (application: Application): string =>
  `applications('${application.id}')/federatedIdentityCredentials`;

/** https://learn.microsoft.com/graph/api/federatedidentitycredential-upsert */
const wantsUpsert = (headers: Headers): boolean =>
  (headers.get("Prefer") ?? "").split(",").some((each) => each.trim().toLowerCase() === "create-if-missing");

const emptyDraft = (application: Application): CredentialDraft => ({
  applicationId: application.id,
  name: "",
  issuer: "",
  subject: null,
  claimsMatchingExpression: null,
  audiences: [],
  description: null,
});

/** The credential after the body: only beta knows expressions. */
function readDraft(before: CredentialDraft, version: Version, body: Shape): CredentialDraft {
  const draft: { -readonly [Name in keyof CredentialDraft]: CredentialDraft[Name] } = {
    applicationId: before.applicationId,
    name: before.name,
    issuer: before.issuer,
    subject: before.subject,
    claimsMatchingExpression: before.claimsMatchingExpression,
    audiences: before.audiences,
    description: before.description,
  };
  for (const [name, value] of Object.entries(body)) {
    if (name.includes("@odata.")) continue;
    if (name === "name" || name === "issuer") draft[name] = readString(name, value) ?? "";
    else if (name === "subject" || name === "description") draft[name] = readString(name, value);
    else if (name === "audiences") draft.audiences = readStrings(name, value);
    else if (name === "claimsMatchingExpression" && version === "beta") draft[name] = readExpression(value);
    else throw refusals.invalidProperty(name);
  }
  return draft;
}

const type = "FederatedIdentityCredential";

function readString(name: string, value: unknown): string | null {
  if (value !== null && typeof value !== "string") throw refusals.invalidValue(name, type);
  return value;
}

function readStrings(name: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.some((each) => typeof each !== "string")) throw refusals.invalidValue(name, type);
  return value as readonly string[];
}

function readExpression(value: unknown): ClaimsMatchingExpression | null {
  if (value === null) return null;
  const { value: text, languageVersion } = (typeof value === "object" ? value : {}) as Shape;
  if (typeof text !== "string" || typeof languageVersion !== "number") {
    throw refusals.invalidValue("claimsMatchingExpression", type);
  }
  return { value: text, languageVersion };
}

/**
 * What v1.0 really answers where a credential has no subject: status 200, and a body that breaks off in the middle.
 * https://github.com/microsoftgraph/msgraph-sdk-python/issues/1359
 * @param before the body up to the credential
 */
function tornAnswer(before: string, { id, name, issuer }: FederatedCredential, now: number): Response {
  const error = new GraphError(
    500,
    "InternalServerError",
    "The property 'subject[Nullable=False]' of type 'Edm.String' has a null value, which is not allowed.",
  );
  const members = JSON.stringify({ id, name, issuer }).slice(1, -1);
  const tail = JSON.stringify({ error: errorBody(error, now, crypto.randomUUID()) });
  return new Response(`${before}${members}${tail}`, { headers: answerHeaders() });
}
