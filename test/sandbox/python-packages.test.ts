import { gzipSync } from "node:zlib";
import { strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { readCoreMetadata } from "../../sandbox/cloud/python-packages/core-metadata.ts";
import {
  fileNamePart,
  isProjectName,
  normalizedName,
  normalizedVersion,
  parseFileName,
  shortestVersion,
} from "../../sandbox/cloud/python-packages/names.ts";
import { projectPage } from "../../sandbox/cloud/python-packages/simple-repository.ts";
import { buildWheel } from "../../sandbox/cloud/python-packages/wheel.ts";

test.each([
  ["Contoso.Widgets", "contoso-widgets"],
  ["contoso_-.widgets", "contoso-widgets"],
  ["a", "a"],
])("the project %s is %s in normal form", (name, normal) => {
  expect(normalizedName(name)).toBe(normal);
});

test("a project's name starts and ends with a letter or digit", () => {
  expect(["a", "A1", "a.b_c-d"].filter(isProjectName)).toEqual(["a", "A1", "a.b_c-d"]);
  expect(["", "-a", "a.", "a b", "é"].filter(isProjectName)).toEqual([]);
  expect(fileNamePart("Contoso.Widgets-core")).toBe("contoso_widgets_core");
});

test.each([
  ["1.0", "1.0", "1"],
  ["v01.20.0", "1.20.0", "1.20"],
  ["1.0.1", "1.0.1", "1.0.1"],
  ["1.20.0.dev20240928001", "1.20.0.dev20240928001", "1.20.dev20240928001"],
  ["2!1.0.0-RC.1", "2!1.0.0rc1", "2!1rc1"],
  ["1.0-alpha", "1.0a0", "1a0"],
  ["1.0-3", "1.0.post3", "1.post3"],
  ["1.0.rev2dev", "1.0.post2.dev0", "1.post2.dev0"],
  ["1.0+Ubuntu-01", "1.0+ubuntu.1", "1+ubuntu.1"],
])("the version %s is %s in normal form, and %s at its shortest", (version, normal, shortest) => {
  expect(normalizedVersion(version)).toBe(normal);
  expect(shortestVersion(normal)).toBe(shortest);
});

test.each(["", "x", "1.0.x", "1..0", "1.0+", "1_0"])("%j is no version", (version) => {
  expect(normalizedVersion(version)).toBeUndefined();
});

test.each([
  ["contoso_widgets-1.0-py3-none-any.whl", { kind: "wheel", project: "contoso-widgets", version: "1.0" }],
  ["contoso_widgets-1.0-2-cp39-abi3-linux_x86_64.whl", { kind: "wheel", project: "contoso-widgets", version: "1.0" }],
  ["contoso_widgets-1.0.tar.gz", { kind: "sdist", project: "contoso-widgets", version: "1.0" }],
  ["python-3-lib-1.0-2.tar.gz", { kind: "sdist", project: "python-3-lib", version: "1.0.post2" }],
  ["contoso-widgets-1.0.zip", { kind: "sdist", project: "contoso-widgets", version: "1.0" }],
])("%s is recognized", (fileName, distribution) => {
  expect(parseFileName(fileName)).toEqual(distribution);
});

test.each(["contoso.exe", "contoso-1.0.egg", "contoso-latest.tar.gz", "contoso-1.0-any.whl", "1.0.tar.gz"])(
  "%s is no distribution",
  (fileName) => {
    expect(parseFileName(fileName)).toBeUndefined();
  },
);

describe("a made wheel", () => {
  const contents = {
    name: "Contoso.Widgets",
    version: "1.0.0",
    summary: "Widgets",
    requiresPython: ">=3.9",
    requires: ["requests>=2"],
    files: { "contoso_widgets/__init__.py": "answer = 42\n" },
  };

  test("has the files that make it one, and says what is in it", () => {
    const { fileName, content } = buildWheel(contents);

    const files = unzipSync(content);
    expect(fileName).toBe("contoso_widgets-1.0.0-py3-none-any.whl");
    expect(Object.keys(files)).toEqual([
      "contoso_widgets/__init__.py",
      "contoso_widgets-1.0.0.dist-info/METADATA",
      "contoso_widgets-1.0.0.dist-info/WHEEL",
      "contoso_widgets-1.0.0.dist-info/RECORD",
    ]);
    expect(readCoreMetadata(fileName, content)).toEqual({
      text: [
        "Metadata-Version: 2.1",
        "Name: Contoso.Widgets",
        "Version: 1.0.0",
        "Summary: Widgets",
        "Requires-Python: >=3.9",
        "Requires-Dist: requests>=2",
        "",
      ].join("\n"),
      metadataVersion: "2.1",
      name: "Contoso.Widgets",
      version: "1.0.0",
      requiresPython: ">=3.9",
    });
  });

  test("has the same bytes whenever it is made", () => {
    expect(Buffer.from(buildWheel(contents).content).equals(buildWheel(contents).content)).toBe(true);
  });

  test("needs a version", () => {
    expect(() => buildWheel({ ...contents, version: "latest" })).toThrow("latest is no version of a Python package");
  });
});

describe("the metadata of a source distribution", () => {
  const information = "Metadata-Version: 2.4\nName: contoso\nVersion: 1.0\n\nRequires-Python: not a header\n";
  const expected = {
    text: information,
    metadataVersion: "2.4",
    name: "contoso",
    version: "1.0",
    requiresPython: undefined,
  };

  test("is read from a tar archive, past the files before it", () => {
    const archive = gzipSync(
      Buffer.concat([
        tarEntry("contoso-1.0/setup.py", "x".repeat(700)),
        tarEntry("contoso-1.0/PKG-INFO", information),
        Buffer.alloc(1024),
      ]),
    );

    expect(readCoreMetadata("contoso-1.0.tar.gz", archive)).toEqual(expected);
  });

  test("is read from a zip archive", () => {
    const archive = zipSync({ "contoso-1.0/PKG-INFO": strToU8(information) });

    expect(readCoreMetadata("contoso-1.0.zip", archive)).toEqual(expected);
  });

  test("is missing where the archive has none, or is broken", () => {
    expect(readCoreMetadata("contoso-1.0.tar.gz", gzipSync(Buffer.alloc(1024)))).toBeUndefined();
    expect(readCoreMetadata("contoso-1.0.tar.gz", strToU8("no archive"))).toBeUndefined();
    expect(readCoreMetadata("contoso-1.0-py3-none-any.whl", strToU8("no archive"))).toBeUndefined();
  });
});

test("a project's page escapes what could end an attribute", () => {
  const page = projectPage("contoso", [
    {
      fileName: "contoso-1.0.tar.gz",
      url: "https://index.test/contoso-1.0.tar.gz?a=1&b=2",
      sha256: "00",
      requiresPython: '>=3.9,<"4"',
      metadataSha256: null,
    },
  ]);

  expect(page).toContain(
    '<a href="https://index.test/contoso-1.0.tar.gz?a=1&amp;b=2#sha256=00" data-requires-python="&gt;=3.9,&lt;&quot;4&quot;">contoso-1.0.tar.gz</a>',
  );
});

function tarEntry(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${Buffer.byteLength(content).toString(8).padStart(11, "0")}\0`, 124);
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}
