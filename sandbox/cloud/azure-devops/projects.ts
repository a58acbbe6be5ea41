import type { Store } from "../store.ts";
import { azureDevOpsData, type Organization, type Project, type Subject } from "./entities.ts";
import { failures } from "./errors.ts";
import { isGuid } from "./identifiers.ts";
import { canReadProject } from "./memberships.ts";

/** The projects of the organization that the subject sees, by name. */
export function visibleProjects(store: Store, organization: Organization, subject: Subject): readonly Project[] {
  return azureDevOpsData(store)
    .projects.filter((project) => project.organizationId === organization.id)
    .filter((project) => canReadProject(store, project, subject))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The project with this id or name.
 * @throws ServiceError 404 where there is none or the subject does not see it: the service does not tell which
 */
export function demandProject(store: Store, organization: Organization, subject: Subject, idOrName: string): Project {
  const wanted = idOrName.toLowerCase();
  const found = visibleProjects(store, organization, subject).find(
    ({ id, name }) => id === wanted || name.toLowerCase() === wanted,
  );
  if (found) return found;
  throw isGuid(idOrName) ? failures.projectIdUnknown(wanted) : failures.projectNameUnknown(idOrName);
}

/** The process templates that every organization has (https://learn.microsoft.com/azure/devops/boards/work-items/guidance/choose-process). */
export const processes = [
  {
    id: "b8a3a935-7e91-48b8-a94c-606d37c3e9f2",
    name: "Basic",
    description: "This template is flexible for any process and great for teams getting started with Azure DevOps.",
  },
  {
    id: "6b724908-ef14-45cf-84f8-768b5384da45",
    name: "Scrum",
    description: "This template is for teams who follow the Scrum framework.",
  },
  {
    id: "adcc42ab-9882-485e-a3ed-7678f01f66bc",
    name: "Agile",
    description: "This template is flexible and will work great for most teams using Agile planning methods.",
  },
  {
    id: "27450541-8e31-4150-9947-dc59f998fc01",
    name: "CMMI",
    description: "This template is for more formal projects requiring a framework for process improvement.",
  },
] as const;

/** The template of projects that name none. */
export const defaultProcessId = processes[0].id;
