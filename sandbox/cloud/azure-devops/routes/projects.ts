import { z } from "zod";
import { collection, type Endpoint, ok } from "../endpoint.ts";
import { azureDevOpsData, type Organization, type Project, projectVisibilities } from "../entities.ts";
import { enumeration } from "../enumeration.ts";
import { failures } from "../errors.ts";
import { locations } from "../locations.ts";
import { addMembership, isCollectionAdministrator } from "../memberships.ts";
import { defaultProcessId, demandProject, processes, visibleProjects } from "../projects.ts";
import { createProject, groupNamed, teamOf } from "../provision.ts";

const newProject = z.object({
  name: z.string().min(1).max(64),
  description: z.string().optional(),
  visibility: enumeration(projectVisibilities).optional(),
  capabilities: z.object({ processTemplate: z.object({ templateTypeId: z.string() }).optional() }).optional(),
});

/**
 * Projects, their process templates, and the operations that make them.
 * https://learn.microsoft.com/rest/api/azure/devops/core/projects
 */
export const projectEndpoints: readonly Endpoint[] = [
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/projects"],
    location: locations.projects,
    handle({ store, organization, caller, query }) {
      const skip = Number(query("$skip") ?? query("continuationToken") ?? 0);
      const top = Number(query("$top") ?? 100);
      const all = visibleProjects(store, organization, caller);
      const page = all.slice(skip, skip + top).map((project) => projectReference(organization, project));
      const more = skip + top < all.length;
      return collection(page, more ? { "X-MS-ContinuationToken": String(skip + top) } : {});
    },
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/projects/:projectId"],
    location: locations.projects,
    handle({ store, organization, caller, param, query }) {
      const project = demandProject(store, organization, caller, param("projectId"));
      const team = groupNamed(store, organization.id, project.id, teamOf(project));
      const { url } = projectReference(organization, project);
      return ok({
        ...projectReference(organization, project),
        ...(query("includeCapabilities")?.toLowerCase() === "true" && { capabilities: capabilitiesOf(project) }),
        _links: {
          self: { href: url },
          collection: {
            href: `https://dev.azure.com/${organization.name}/_apis/projectCollections/${organization.id}`,
          },
          web: { href: `https://dev.azure.com/${organization.name}/${encodeURIComponent(project.name)}` },
        },
        defaultTeam: { id: team.id, name: team.displayName, url: `${url}/teams/${team.id}` },
      });
    },
  },
  {
    methods: ["POST"],
    paths: ["/:organization/_apis/projects"],
    location: locations.projects,
    async handle({ store, organization, caller, body, now }) {
      const wanted = await body(newProject);
      if (!isCollectionAdministrator(store, caller)) {
        throw failures.accessDenied(caller.displayName, organization.name, "Create new projects");
      }
      const data = azureDevOpsData(store);
      const sameName = (project: Project): boolean =>
        project.organizationId === organization.id && project.name.toLowerCase() === wanted.name.toLowerCase();
      if (data.projects.find(sameName)) throw failures.projectExists(wanted.name);
      const templateTypeId = wanted.capabilities?.processTemplate?.templateTypeId ?? defaultProcessId;
      demandProcess(templateTypeId);
      const project: Project = {
        id: crypto.randomUUID(),
        organizationId: organization.id,
        name: wanted.name,
        description: wanted.description ?? "",
        visibility: wanted.visibility ?? "private",
        templateTypeId,
        lastUpdateTime: now,
      };
      createProject(store, organization, project);
      addMembership(store, caller, groupNamed(store, organization.id, project.id, "Project Administrators"));
      const { id } = data.operations.insert({
        id: crypto.randomUUID(),
        organizationId: organization.id,
        status: "succeeded",
      });
      // The service queues the work and answers at once; here the work is done by then.
      return { status: 202, body: { id, status: "queued", url: operationUrl(organization, id) } };
    },
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/operations/:operationId"],
    location: locations.operations,
    handle({ store, organization, param }) {
      const id = param("operationId").toLowerCase();
      const operation = azureDevOpsData(store).operations.get(id);
      if (operation?.organizationId !== organization.id) throw failures.operationUnknown(id);
      const url = operationUrl(organization, id);
      return ok({ id, status: operation.status, url, _links: { self: { href: url } } });
    },
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/process/processes"],
    location: locations.processes,
    handle: ({ organization }) => collection(processes.map(({ id }) => processBody(organization, id))),
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/process/processes/:processId"],
    location: locations.processes,
    handle: ({ organization, param }) => ok(processBody(organization, param("processId").toLowerCase())),
  },
];

const operationUrl = (organization: Organization, id: string): string =>
  `https://dev.azure.com/${organization.name}/_apis/operations/${id}`;

function projectReference(organization: Organization, project: Project) {
  const { id, name, description, visibility, lastUpdateTime } = project;
  return {
    id,
    name,
    ...(description !== "" && { description }),
    url: `https://dev.azure.com/${organization.name}/_apis/projects/${id}`,
    state: "wellFormed",
    revision: 1,
    visibility,
    lastUpdateTime,
  };
}

function capabilitiesOf({ templateTypeId }: Project): object {
  return {
    processTemplate: { templateName: demandProcess(templateTypeId).name, templateTypeId },
    versioncontrol: { sourceControlType: "Git", gitEnabled: "True", tfvcEnabled: "False" },
  };
}

function processBody(organization: Organization, id: string): object {
  const { name, description } = demandProcess(id);
  const url = `https://dev.azure.com/${organization.name}/_apis/process/processes/${id}`;
  return { id, description, isDefault: id === defaultProcessId, type: "system", url, name };
}

function demandProcess(id: string): (typeof processes)[number] {
  const found = processes.find((process) => process.id === id);
  if (!found) throw failures.processUnknown(id);
  return found;
}
