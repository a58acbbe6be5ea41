import { createHash } from "node:crypto";
import { expect } from "vitest";
import { buildWheel, type Wheel } from "../../sandbox/cloud/python-packages/wheel.ts";

export const widgets = buildWheel({
  name: "Contoso.Widgets",
  version: "1.0.0",
  requiresPython: ">=3.9",
  files: { "widgets.py": "" },
});

export interface FormFields {
  readonly [field: string]: string | undefined;
}

/** The form that twine sends for the widgets; a field can be changed, or left out. */
export function uploadForm(fields: FormFields = {}, { fileName, content }: Wheel = widgets): FormData {
  const form = new FormData();
  const all: FormFields = {
    ":action": "file_upload",
    protocol_version: "1",
    metadata_version: "2.4",
    name: "Contoso.Widgets",
    version: "1.0.0",
    filetype: "bdist_wheel",
    pyversion: "py3",
    requires_python: ">=3.9",
    md5_digest: digest("md5", content),
    sha256_digest: digest("sha256", content),
    ...fields,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) form.append(name, value);
  form.append("content", new Blob([new Uint8Array(content)]), fileName);
  return form;
}

/** The addresses that a page links to, without their digests. */
export const linksOf = async (response: Response): Promise<string[]> =>
  [...(await response.text()).matchAll(/href="([^"#]*)/g)].map(([, address = ""]) => address);

/** Status, class and message of a refusal. Asserts that its status line says the same. */
export async function refusalOf(response: Response) {
  const body = (await response.json()) as { readonly typeKey: string; readonly message: string };
  expect(response.statusText).toMatch(/^[A-Z][A-Za-z ]+ - .* \(DevOps Activity ID: [0-9A-F-]{36}\)$/);
  expect(response.statusText).toContain(` - ${body.message} (`);
  return { status: response.status, typeKey: body.typeKey, message: body.message };
}

/** The refusal of who lacks a permission on the feed. */
export const lacks = (userId: string, permission: string) => ({
  status: 403,
  typeKey: "FeedNeedsPermissionsException",
  message: `User '${userId}' lacks permission to complete this action. You need to have '${permission}'.`,
});

export function digest(algorithm: string, content: Uint8Array): string {
  return createHash(algorithm).update(content).digest("hex");
}
