import { Hono } from "hono";
import type { CloudService } from "../../sandbox/cloud/service.ts";
import { sendRequest } from "../../sandbox/offline/http.ts";
import {
  IncompleteError,
  type Properties,
  type ProviderDefinition,
  ProviderError,
  type ResourceState,
} from "../../sandbox/offline/providers/definition.ts";

/** A note as the toy service keeps it. */
export interface Note {
  readonly id: string;
  readonly shelf: string;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly password?: string;
}

/** A small service with shelves of notes, at `https://toy.example`. */
export function createToyService(): { readonly service: CloudService; readonly notes: Map<string, Note> } {
  const notes = new Map<string, Note>();
  const app = new Hono();
  let next = 1;
  app.get("/:shelf", (context) => {
    const shelf = context.req.param("shelf");
    return context.json([...notes.values()].filter((note) => note.shelf === shelf));
  });
  app.post("/:shelf", async (context) => {
    const note = { id: String(next++), shelf: context.req.param("shelf"), ...((await context.req.json()) as object) };
    notes.set(note.id, note as Note);
    return context.json(note, 201);
  });
  app.get("/:shelf/:id", (context) => {
    const note = notes.get(context.req.param("id"));
    return note?.shelf === context.req.param("shelf") ? context.json(note) : context.json({ error: "gone" }, 404);
  });
  app.put("/:shelf/:id", async (context) => {
    const id = context.req.param("id");
    const note = { id, shelf: context.req.param("shelf"), ...((await context.req.json()) as object) };
    notes.set(id, note as Note);
    return context.json(note);
  });
  app.delete("/:shelf/:id", (context) => {
    notes.delete(context.req.param("id"));
    return context.body(null, 204);
  });
  const errorResponse = (status: number, code: string, message: string) =>
    Response.json({ error: `${code}: ${message}` }, { status });
  return { notes, service: { name: "toy", hosts: { "toy.example": app }, coverage: [], errorResponse } };
}

/** A provider for the toy service: one resource and one function, bound to the shelf of its configuration. */
export const toyProvider: ProviderDefinition = {
  name: "toy",
  version: "1.2.3",
  async configure(config, host) {
    const { shelf } = config;
    if (typeof shelf !== "string") throw new ProviderError("no shelf: set toy:shelf, or shelf of the provider");
    const url = (id?: string) => `https://toy.example/${shelf}${id === undefined ? "" : `/${id}`}`;
    const stateOf = (body: unknown, password: unknown): ResourceState => {
      const { id, title, text, tags } = body as Note;
      return { id, outputs: { title, text, tags, password, address: url(id) } };
    };
    return {
      resources: [
        {
          token: "toy:index/note:Note",
          inputs: ["title", "text", "tags", "password"],
          requiredInputs: ["title"],
          replaceOn: ["title"],
          deleteBeforeReplace: true,
          secrets: ["password"],
          sets: ["tags"],
          defaults: { text: "empty" },
          check: ({ text }: Properties) =>
            text === "refused" ? [{ property: "text", reason: "expected another text" }] : [],
          async create(inputs) {
            const { body } = await sendRequest(host, { method: "POST", url: url(), json: inputs });
            const state = stateOf(body, inputs.password);
            if (inputs.text === "half") throw new IncompleteError("the note is there, but not whole", state);
            if (inputs.text === "broken") throw new ProviderError("the service is broken");
            return state;
          },
          async read(id, outputs) {
            const { status, body } = await sendRequest(host, { method: "GET", url: url(id) });
            return status === 404 ? undefined : stateOf(body, outputs.password);
          },
          async update(id, inputs) {
            const { body } = await sendRequest(host, { method: "PUT", url: url(id), json: inputs });
            return stateOf(body, inputs.password);
          },
          async delete(id) {
            await sendRequest(host, { method: "DELETE", url: url(id) });
          },
        },
      ],
      functions: {
        async "toy:index/getNotes:getNotes"() {
          const { body } = await sendRequest(host, { method: "GET", url: url() });
          return { shelf, titles: (body as readonly Note[]).map((note) => note.title) };
        },
      },
    };
  },
};
