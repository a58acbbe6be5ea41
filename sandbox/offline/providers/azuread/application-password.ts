import { type Properties, type ResourceDefinition, type ResourceState, ProviderError } from "../definition.ts";
import { checkInputs, requiredText, withoutAbsent } from "../properties.ts";
import { listOf, textOf } from "./conversions.ts";
import { type Graph, type GraphObject, untilSteady } from "./graph.ts";
import { applicationId, isApplicationId, parseApplicationId, parseCredentialId } from "./ids.ts";
import { dateTime, notEmpty } from "./rules.ts";

/** `azuread_application_password`: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application_password */
export function applicationPassword(graph: Graph): ResourceDefinition {
  const pathOf = (application: string) => `/v1.0${applicationId(application)}`;

  async function findPassword(application: string, keyId: unknown): Promise<GraphObject | undefined> {
    const found = await graph.find(`retrieving ${applicationId(application)}`, pathOf(application));
    const wanted = textOf(keyId).toLowerCase();
    return listOf<GraphObject>(found?.passwordCredentials).find(({ keyId }) => textOf(keyId).toLowerCase() === wanted);
  }

  /** The directory gives the secret once, and knows nothing of the inputs in `kept`. */
  async function read(id: string, kept: Properties): Promise<ResourceState | undefined> {
    const { application, part } = parseCredentialId(id, "password");
    const credential = await findPassword(application, part);
    return credential && { id, outputs: passwordState(application, credential, kept) };
  }

  return {
    token: "azuread:index/applicationPassword:ApplicationPassword",
    inputs: ["applicationId", "displayName", "endDate", "endDateRelative", "rotateWhenChanged", "startDate"],
    requiredInputs: ["applicationId"],
    replaceOn: ["applicationId", "displayName", "endDate", "endDateRelative", "rotateWhenChanged", "startDate"],
    secrets: ["value"],
    computed: ["displayName", "endDate", "startDate"],
    check: (inputs) => [
      ...checkInputs(inputs, {
        applicationId: isApplicationId,
        endDate: dateTime,
        endDateRelative: notEmpty,
        startDate: dateTime,
      }),
      ...(inputs.endDate !== undefined && inputs.endDateRelative !== undefined
        ? [{ property: "endDate", reason: '"endDate": conflicts with endDateRelative' }]
        : []),
    ],
    async create(inputs) {
      const application = parseApplicationId(requiredText(inputs, "applicationId"));
      const name = applicationId(application);
      await graph.send(`retrieving ${name}`, { method: "GET", path: pathOf(application) });
      const created = await graph.send(`adding password for ${name}`, {
        method: "POST",
        path: `${pathOf(application)}/addPassword`,
        json: { passwordCredential: passwordBody(inputs) },
      });
      const id = `${application}/password/${created.keyId}`;
      await untilSteady(
        `password credential ${id}`,
        graph,
        async () => (await findPassword(application, created.keyId)) !== undefined,
      );
      const kept = { ...inputs, value: created.secretText };
      return (await read(id, kept)) ?? { id, outputs: passwordState(application, created, kept) };
    },
    read,
    async delete(id) {
      const { application, part } = parseCredentialId(id, "password");
      await graph.send(`removing password credential ${id}`, {
        method: "POST",
        path: `${pathOf(application)}/removePassword`,
        json: { keyId: part },
      });
      const isGone = async () => (await findPassword(application, part)) === undefined;
      await untilSteady(`the deletion of password credential ${id}`, graph, isGone);
    },
  };
}

function passwordBody(inputs: Properties): GraphObject {
  return withoutAbsent({
    displayName: inputs.displayName,
    startDateTime: inputs.startDate,
    endDateTime: inputs.endDate ?? relativeEnd(inputs),
  });
}

/** A Go duration after the start, e.g. `2400h30m`. */
function relativeEnd(inputs: Properties): string | undefined {
  const duration = textOf(inputs.endDateRelative);
  if (duration === "") return undefined;
  if (!/^(\d+h)?(\d+m)?(\d+s)?$/.test(duration)) {
    throw new ProviderError(`unable to parse endDateRelative ${duration}: expected a duration such as 2400h30m`);
  }
  const units = { h: 3_600_000, m: 60_000, s: 1000 } as const;
  const start = inputs.startDate === undefined ? Date.now() : Date.parse(textOf(inputs.startDate));
  const parts = [...duration.matchAll(/(\d+)([hms])/g)];
  const end = parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], start);
  return new Date(end).toISOString().replace(/\.\d+Z$/, "Z");
}

function passwordState(application: string, credential: GraphObject, kept: Properties): Properties {
  return {
    applicationId: applicationId(application),
    displayName: textOf(credential.displayName),
    endDate: textOf(credential.endDateTime),
    ...(kept.endDateRelative !== undefined && { endDateRelative: kept.endDateRelative }),
    keyId: credential.keyId,
    ...(kept.rotateWhenChanged !== undefined && { rotateWhenChanged: kept.rotateWhenChanged }),
    startDate: textOf(credential.startDateTime),
    ...(kept.value !== undefined && { value: kept.value }),
  };
}
