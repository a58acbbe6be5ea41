import structs, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties } from "./definition.ts";

/** Stands for a value that is not known before the update, as in a preview. */
export const unknownValue = Symbol("unknown");

// How the engine writes values that JSON has no form for:
// https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknowns: ReadonlySet<unknown> = new Set([
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
]);

/** The properties in a message: secrets unwrapped, nulls left out, what is not known yet as `unknownValue`. */
export function decodeProperties(struct: Struct | undefined): Properties {
  return struct ? (decode(struct.toJavaScript()) as Properties) : {};
}

/** A message of the properties. @param secrets the names of those that are wrapped as secrets */
export function encodeProperties(properties: Properties, secrets: readonly string[] = []): Struct {
  const encoded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    const plain = encode(value);
    encoded[name] = secrets.includes(name) ? { [signatureKey]: secretSignature, value: plain } : plain;
  }
  return structs.Struct.fromJavaScript(encoded as Parameters<typeof structs.Struct.fromJavaScript>[0]);
}

/** Whether the value is, or holds, one that is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/** The properties whose value is known to its depth. */
export function knownProperties(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !containsUnknown(value)));
}

/** Whether the value is a JSON object, not an array and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decode(value: unknown): unknown {
  if (unknowns.has(value)) return unknownValue;
  if (Array.isArray(value)) return value.map(decode);
  if (!isObject(value)) return value;
  switch (value[signatureKey]) {
    case secretSignature:
      return decode(value.value);
    case outputSignature:
      return "value" in value ? decode(value.value) : unknownValue;
    case resourceSignature:
      return decode(value.id ?? value.urn);
    default:
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, member]) => member !== null)
          .map(([name, member]) => [name, decode(member)]),
      );
  }
}

function encode(value: unknown): unknown {
  if (value === unknownValue) return unknownString;
  if (Array.isArray(value)) return value.map((element) => encode(element ?? null));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, encode(member)]),
  );
}
