import { isTable } from "../../src/table.ts";
import { isAt, type OpenEnvironment, openEnvironments } from "./environments.ts";
import { isOf, nameOf, type Resource, textOf } from "./resource.ts";
import { saidBy } from "./said.ts";

/** A way for the job of a pull request to become an application. */
export interface Opening {
  /** What belongs to the application: a credential, or a password. */
  readonly of: Resource;
  /** `… lets pull requests in`. */
  readonly words: string;
}

/**
 * Every way that a stack opens: credentials that take the tokens of pull requests, and passwords in secrets that their
 * jobs read. Of environments the pack knows those that the stack makes.
 */
export function openingsIn(resources: readonly Resource[]): Opening[] {
  const open = openEnvironments(resources);
  return [...resources.flatMap((resource) => credentialOpenings(resource, open)), ...passwordOpenings(resources, open)];
}

function credentialOpenings(credential: Resource, open: readonly OpenEnvironment[]): Opening[] {
  const said = saidBy(credential);
  if (said === undefined) return [];
  const words = `${nameOf(credential)} lets pull requests in`;
  // What an expression does not ask about, it takes as it comes.
  if (said.every(({ run }) => run === "pullRequest" || run === "nothing")) return [{ of: credential, words }];
  const environment = open.find(({ name, repository }) =>
    said.every(
      (wanted) =>
        (wanted.run === "environment" || wanted.run === "nothing") &&
        wanted.inEnvironment(name) &&
        (repository === undefined || wanted.ofRepository(repository)),
    ),
  );
  return environment === undefined ? [] : [{ of: credential, words: `${words}${through(environment)}` }];
}

function through({ name }: OpenEnvironment): string {
  return ` through the environment ${name}, which has neither reviewers nor deployment branches that keep them out`;
}

/** The properties of a secret that may hold what it is made of. */
const contents = ["value", "plaintextValue", "encryptedValue", "valueEncrypted"];

function passwordOpenings(resources: readonly Resource[], open: readonly OpenEnvironment[]): Opening[] {
  const passwords = resources.filter((resource) => isOf(resource, "applicationPassword", "servicePrincipalPassword"));
  const applications = resources.filter((resource) => isOf(resource, "application"));
  return resources.flatMap((secret) => {
    const place = placeOf(secret, open);
    if (place === undefined) return [];
    const made = passwords.filter((password) => isMadeOf(secret, password));
    const inline = applications.filter((application) => holds(secret, passwordOf(application)));
    return [...made, ...inline].map((of) => ({
      of,
      words: `${nameOf(secret)} gives pull requests the password of ${nameOf(of)}${place}`,
    }));
  });
}

/** Where a secret is that the jobs of pull requests read; undefined for any other, and for what is no secret. */
function placeOf(secret: Resource, open: readonly OpenEnvironment[]): string | undefined {
  // Dependabot's pull requests read those of its own.
  if (isOf(secret, "repositorySecret", "organizationSecret", "dependabotSecret", "dependabotOrganizationSecret"))
    return "";
  if (!isOf(secret, "environmentSecret")) return undefined;
  const environment = open.find((one) => isAt(secret, one));
  return environment === undefined ? undefined : through(environment);
}

function isMadeOf(secret: Resource, password: Resource): boolean {
  return contents.some((key) => secret.sources[key]?.includes(password)) || holds(secret, textOf(password, "value"));
}

/** Whether a secret has a text in it, once an update knows both. */
function holds(secret: Resource, text: string | undefined): boolean {
  return text !== undefined && text !== "" && contents.some((key) => textOf(secret, key)?.includes(text));
}

/** The password that an application is made with. */
function passwordOf({ properties: { password } }: Resource): string | undefined {
  return isTable(password) && typeof password.value === "string" ? password.value : undefined;
}
