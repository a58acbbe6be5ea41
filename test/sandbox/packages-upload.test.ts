import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { packageData } from "../../sandbox/cloud/azure-devops/packages/entities.ts";
import { seedPypi } from "../../sandbox/cloud/pypi/seed.ts";
import { buildWheel } from "../../sandbox/cloud/python-packages/wheel.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { type FormFields, refusalOf, uploadForm, widgets } from "../support/package-requests.ts";
import { createPackageCloud } from "../support/packages.ts";

const { cloud, send } = await createPackageCloud();
const shared = "https://pkgs.dev.azure.com/contoso/_packaging/shared";
const internal = "https://pkgs.dev.azure.com/contoso/_packaging/internal";
const requests = { name: "requests", version: "2.0", files: { "requests.py": "2.0" } };
const requests2 = buildWheel(requests);

const upload = (root: string, form = uploadForm()): Promise<Response> =>
  send("POST", `${root}/pypi/upload`, "contributor", form);

let start: Snapshot;
beforeAll(() => {
  seedPypi(cloud.store, { packages: [requests] });
  start = cloud.store.snapshot();
});
beforeEach(() => cloud.store.restore(start));

describe("an upload", () => {
  test("of a file that is there is refused, even of the same bytes", async () => {
    await upload(internal);

    const response = await upload(internal);

    expect(await response.clone().json()).toEqual({
      $id: "1",
      innerException: null,
      message:
        "The feed 'internal' already contains file 'contoso_widgets-1.0.0-py3-none-any.whl' in package 'Contoso.Widgets 1.0.0'.",
      typeName:
        "Microsoft.VisualStudio.Services.Packaging.Shared.WebApi.Exceptions.PackageAlreadyExistsException, Microsoft.VisualStudio.Services.Packaging.Shared.WebApi",
      typeKey: "PackageAlreadyExistsException",
      errorCode: 0,
      eventId: 3000,
    });
    expect((await refusalOf(response)).status).toBe(409);
  });

  test("of a version that an upstream has is refused, and accepted by a feed without upstreams", async () => {
    const form = () =>
      uploadForm({ name: "requests", version: "2.0", md5_digest: undefined, sha256_digest: undefined }, requests2);

    const refused = await upload(shared, form());
    const accepted = await upload(internal, form());

    expect(await refusalOf(refused)).toEqual({
      status: 409,
      typeKey: "PackageExistsInUpstreamException",
      message:
        "'requests 2.0' cannot be published to the feed because it exists in at least one of the feed's upstream sources. Publishing this copy would prevent you from using 'requests 2.0' from 'PyPI'. For more information, see https://go.microsoft.com/fwlink/?linkid=864880",
    });
    expect(accepted.status).toBe(202);
  });

  test.each<[string, FormFields, string]>([
    ["another action", { ":action": "submit" }, "The field ':action' has to be 'file_upload'."],
    ["no protocol version", { protocol_version: undefined }, "The field 'protocol_version' is missing."],
    ["no name", { name: undefined }, "The field 'name' is missing."],
    ["an empty version", { version: "" }, "The field 'version' is missing."],
    ["a version that is none", { version: "latest" }, "'latest' is not a valid version."],
    [
      "a metadata version to come",
      { metadata_version: "3.0" },
      "Metadata version '3.0' is unsupported. Supported versions are: 1.0,1.1,1.2,2.0,2.1,2.2,2.3,2.4.",
    ],
    [
      "another name than the file's",
      { name: "fabrikam" },
      "The file name 'contoso_widgets-1.0.0-py3-none-any.whl' does not match the package 'fabrikam 1.0.0' of type 'bdist_wheel'.",
    ],
    [
      "another version than the file's",
      { version: "1.0.1" },
      "The file name 'contoso_widgets-1.0.0-py3-none-any.whl' does not match the package 'Contoso.Widgets 1.0.1' of type 'bdist_wheel'.",
    ],
    [
      "another type than the file's",
      { filetype: "sdist" },
      "The file name 'contoso_widgets-1.0.0-py3-none-any.whl' does not match the package 'Contoso.Widgets 1.0.0' of type 'sdist'.",
    ],
    ["a wrong digest", { sha256_digest: "0".repeat(64) }, "The field 'sha256_digest' does not match the content."],
    ["a wrong old digest", { md5_digest: "0".repeat(32) }, "The field 'md5_digest' does not match the content."],
  ])("with %s is refused", async (_, fields, message) => {
    const response = await upload(internal, uploadForm(fields));

    expect(await refusalOf(response)).toEqual({ status: 400, typeKey: "InvalidPackageException", message });
    expect(packageData(cloud.store).files.all()).toEqual([]);
  });

  test("that is no form, has no file, or one that is no package is refused", async () => {
    const withoutFile = uploadForm();
    withoutFile.delete("content");
    const responses = await Promise.all([
      send("POST", `${internal}/pypi/upload`, "contributor", "hello"),
      upload(internal, withoutFile),
      upload(internal, uploadForm({}, { fileName: "widgets.exe", content: widgets.content })),
    ]);

    const refusals = await Promise.all(responses.map(refusalOf));
    expect(refusals.map(({ status, message }) => [status, message])).toEqual([
      [400, "The request is not a form with a file."],
      [400, "The field 'content' has to be a file."],
      [400, "'widgets.exe' is not the name of a wheel or source distribution."],
    ]);
  });
});
