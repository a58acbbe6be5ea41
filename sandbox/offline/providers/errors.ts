import { status } from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { GrpcError } from "../grpc-server.ts";
import { IncompleteError, type Properties, ProviderError, type ResourceDefinition } from "./definition.ts";
import { encodeProperties } from "./values.ts";

/**
 * What the engine is told when an operation fails: the message, no stack. Where the resource exists all the same, its
 * state goes along, and the engine keeps it.
 */
export function operationError(error: unknown, resource?: ResourceDefinition, inputs: Properties = {}): GrpcError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof GrpcError) return error;
  if (!(error instanceof ProviderError)) return new GrpcError(status.UNKNOWN, message);
  if (!(error instanceof IncompleteError) || !resource) return new GrpcError(status.FAILED_PRECONDITION, message);

  const failure = new provider.ErrorResourceInitFailed();
  failure.setId(error.state.id);
  failure.setProperties(encodeProperties(error.state.outputs, resource.secrets));
  failure.setInputs(encodeProperties(inputs, resource.secrets));
  failure.setReasonsList([message]);
  const detail = new any.Any();
  detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const full = new statuses.Status();
  full.setCode(status.FAILED_PRECONDITION);
  full.setMessage(message);
  full.addDetails(detail);
  return new GrpcError(status.FAILED_PRECONDITION, message, Buffer.from(full.serializeBinary()));
}
