import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Environment } from "../../sandbox/environment.ts";

const require = createRequire(import.meta.url);

/** The account and key that every emulator of Azure Storage has: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite */
const account = "devstoreaccount1";
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const container = "state";

/** Microsoft's emulator of Azure Storage, with an empty container in memory. */
export interface Azurite {
  /** What an engine needs to have its state there. */
  readonly environment: Environment;
  read(path: string): Promise<string>;
  write(path: string, content: string): Promise<void>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

export async function startAzurite(): Promise<Azurite> {
  const main = join(dirname(require.resolve("azurite/package.json")), "dist/src/blob/main.js");
  const parameters = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck"];
  const server = execa(process.execPath, [main, ...parameters], { reject: false });
  const port = await new Promise<string>((resolve, reject) => {
    server.stdout.on("data", (chunk: Buffer) => {
      const [, found] = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(chunk.toString()) ?? [];
      if (found !== undefined) resolve(found);
    });
    void server.then(({ stderr }) => reject(new Error(`Azurite ended: ${stderr}`)));
  });
  const domain = `127.0.0.1:${port}`;

  async function ask(method: string, path: string, query: Readonly<Record<string, string>> = {}, body = "") {
    const headers = {
      "x-ms-date": new Date().toUTCString(),
      "x-ms-version": "2021-12-02",
      ...(body !== "" || method === "PUT" ? { "x-ms-blob-type": "BlockBlob" } : {}),
    };
    const authorization = `SharedKey ${account}:${sign(method, path, query, headers, body)}`;
    const url = `http://${domain}/${account}/${path}?${new URLSearchParams(query)}`;
    const contents = method === "PUT" ? { body, headers: { ...headers, authorization, "content-type": "" } } : {};
    const response = await fetch(url, { method, headers: { ...headers, authorization }, ...contents });
    if (!response.ok) throw new Error(`Azurite answers ${response.status} to ${method} ${path}`);
    return response.text();
  }
  await ask("PUT", container, { restype: "container" });

  return {
    environment: {
      PULUMI_BACKEND_URL: `azblob://${container}?protocol=http&domain=${domain}&localemu=true`,
      AZURE_STORAGE_ACCOUNT: account,
      AZURE_STORAGE_KEY: key,
    },
    read: (path) => ask("GET", `${container}/${path}`),
    write: async (path, content) => void (await ask("PUT", `${container}/${path}`, {}, content)),
    remove: async (path) => void (await ask("DELETE", `${container}/${path}`)),
    async close() {
      server.kill();
      await server;
    },
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key#blob-queue-and-file-services-shared-key-authorization */
function sign(
  method: string,
  path: string,
  query: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  const length = Buffer.byteLength(body);
  const standard = ["", "", length === 0 ? "" : String(length), ...Array.from({ length: 8 }, () => "")];
  const own = Object.entries(headers)
    .sort()
    .map(([name, value]) => `${name}:${value}`);
  const resource = [
    `/${account}/${account}/${path}`,
    ...Object.entries(query).map(([name, value]) => `${name}:${value}`),
  ];
  const text = [method, ...standard, ...own, ...resource].join("\n");
  return createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64");
}
