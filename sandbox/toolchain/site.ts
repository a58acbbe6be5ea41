import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EngineError } from "./errors.ts";

/** Sums of a file, in hexadecimal digits. */
export type Sums = Readonly<Record<SumAlgorithm, string>>;

/** Pulumi publishes SHA-256 for the engine, and SHA-1 for plugins. */
export type SumAlgorithm = "sha1" | "sha256" | "sha512";

/** A file of the site as text. @throws EngineError where it cannot be had */
export function fetchText(address: string): Promise<string> {
  return fetched(address, async (body) =>
    (await body.toArray()).map((chunk) => Buffer.from(chunk).toString()).join(""),
  );
}

/** Puts a file of the site into a file here. @throws EngineError where it cannot be had as a whole */
export function fetchFile(address: string, file: string): Promise<Sums> {
  return fetched(address, async (body) => {
    const hashes = { sha1: createHash("sha1"), sha256: createHash("sha256"), sha512: createHash("sha512") };
    await pipeline(body, through(Object.values(hashes)), createWriteStream(file));
    return {
      sha1: hashes.sha1.digest("hex"),
      sha256: hashes.sha256.digest("hex"),
      sha512: hashes.sha512.digest("hex"),
    };
  });
}

function through(hashes: readonly Hash[]): Transform {
  return new Transform({
    transform(chunk, _, done) {
      for (const hash of hashes) hash.update(chunk);
      done(null, chunk);
    },
  });
}

/** Goes where the machine's proxy settings say. Node's own fetch does not look at them before Node 24. */
async function fetched<T>(address: string, use: (body: Readable) => Promise<T>): Promise<T> {
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  try {
    const response = await fetch(address, { dispatcher: new EnvHttpProxyAgent() });
    if (!response.ok || response.body === null) throw new Error(`the site answered ${response.status}`);
    return await use(Readable.fromWeb(response.body));
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const words = cause instanceof Error && cause.message !== "" ? cause.message : "no connection";
    throw new EngineError(`${address} could not be fetched: ${words}`);
  }
}
