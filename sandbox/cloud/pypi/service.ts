import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { type Context, Hono } from "hono";
import { normalizedName } from "../python-packages/names.ts";
import {
  type FileLink,
  indexPage,
  type ProjectDetail,
  projectPage,
  simpleJson,
} from "../python-packages/simple-repository.ts";
import type { CloudContext, CloudService } from "../service.ts";
import { pypiCoverage } from "./coverage.ts";
import { type IndexFile, pypiFiles } from "./entities.ts";

const filesHost = "files.pythonhosted.org";
const htmlTypes = ["application/vnd.pypi.simple.v1+html", "text/html"] as const;

/** The public index of Python packages, to read from. Nothing can be uploaded to it. */
export function pypi({ store }: CloudContext): CloudService {
  const index = new Hono();
  index.get("/simple", (c) => c.redirect("/simple/", 301));
  index.get("/simple/", (c) => {
    const projects = [
      ...new Set(
        pypiFiles(store)
          .all()
          .map(({ project }) => project),
      ),
    ].sort();
    if (mediaType(c) !== simpleJson) return html(c, indexPage("Simple index", projects));
    return json({ meta: { "api-version": "1.1" }, projects: projects.map((name) => ({ name })) });
  });
  index.get("/simple/:project", (c) => c.redirect(`/simple/${normalizedName(c.req.param("project"))}/`, 301));
  index.get("/simple/:project/", (c) => {
    const project = normalizedName(c.req.param("project"));
    if (project !== c.req.param("project")) return c.redirect(`/simple/${project}/`, 301);
    const files = pypiFiles(store).filter((file) => file.project === project);
    if (files.length === 0) return notFound();
    return mediaType(c) === simpleJson ? json(detail(project, files)) : html(c, projectPage(project, files.map(link)));
  });

  const content = new Hono();
  content.get("/packages/:first/:second/:rest/:file", (c) => {
    const { first, second, rest, file: name } = c.req.param();
    const file = pypiFiles(store).get(name.replace(/\.metadata$/, ""));
    if (!file || file.sha256 !== `${first}${second}${rest}`) return notFound();
    const bytes = name === file.id ? readContent(file) : file.metadata;
    return bytes === undefined || bytes === null ? notFound() : immutable(bytes);
  });

  return {
    name: "pypi",
    hosts: { "pypi.org": index, [filesHost]: content },
    coverage: pypiCoverage,
    errorResponse: (status, _code, message) => text(`${status} ${message}\n`, status),
  };
}

/** The first of the types that the index has, by the client's preference; HTML where it asks for none of them. */
function mediaType(c: Context): string {
  const offered = [simpleJson, ...htmlTypes];
  const wanted = (c.req.header("Accept") ?? "")
    .split(",")
    .map((range) => {
      const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith("q="));
      return { type: type.replace(".latest+", ".v1+"), quality: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ type, quality }) => quality > 0 && offered.includes(type))
    .sort((a, b) => b.quality - a.quality);
  return wanted[0]?.type ?? "text/html";
}

/**
 * A file's address, which has the digest of its content in it. The real one has BLAKE2b-256 there, which Node has not;
 * clients take the address as they find it.
 */
function link(file: IndexFile): FileLink {
  const { id, sha256, requiresPython, metadata } = file;
  const folder = `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256.slice(4)}`;
  return {
    fileName: id,
    url: `https://${filesHost}/packages/${folder}/${id}`,
    sha256,
    requiresPython,
    metadataSha256: metadata === null ? null : createHash("sha256").update(metadata).digest("hex"),
  };
}

function detail(project: string, files: readonly IndexFile[]): ProjectDetail {
  return {
    meta: { "api-version": "1.1" },
    name: project,
    versions: [...new Set(files.map(({ version }) => version))],
    files: files.map((file) => {
      const { fileName, url, sha256, requiresPython, metadataSha256 } = link(file);
      return {
        filename: fileName,
        url,
        hashes: { sha256 },
        "requires-python": requiresPython,
        "core-metadata": metadataSha256 === null ? false : { sha256: metadataSha256 },
        size: file.size,
        yanked: false,
      };
    }),
  };
}

/** Undefined where a file is gone from the folder that the index was seeded from. */
function readContent({ content }: IndexFile): Uint8Array<ArrayBuffer> | undefined {
  if ("base64" in content) return new Uint8Array(Buffer.from(content.base64, "base64"));
  return existsSync(content.path) ? new Uint8Array(readFileSync(content.path)) : undefined;
}

const html = (c: Context, page: string): Response => {
  const type = mediaType(c);
  return new Response(page, {
    headers: { "Content-Type": type === "text/html" ? "text/html; charset=UTF-8" : type, ...cacheFor(600) },
  });
};

const json = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { "Content-Type": simpleJson, ...cacheFor(600) } });

const immutable = (body: string | Uint8Array<ArrayBuffer>): Response =>
  new Response(body, {
    headers: { "Content-Type": "application/octet-stream", "Cache-Control": "max-age=365000000, immutable, public" },
  });

const cacheFor = (seconds: number) => ({ "Cache-Control": `max-age=${seconds}, public`, Vary: "Accept" });

const notFound = (): Response => text("404 Not Found\n", 404);

const text = (body: string, status: number): Response =>
  new Response(body, { status, headers: { "Content-Type": "text/plain; charset=UTF-8" } });
