import { type handleUnaryCall, Metadata, Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";

/** A gRPC server on loopback. */
export interface GrpcServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What the engine sends may be large: its own limit is 400 MiB. */
export const maximumMessageSize = 400 * 1024 * 1024;

/** An error with a status that the engine acts upon. */
export class GrpcError extends Error {
  readonly code: status;
  /** A serialized `google.rpc.Status` that tells more, e.g. the state of a half-made resource. */
  readonly details: Buffer | undefined;

  constructor(code: status, message: string, details?: Buffer) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Serves one service on a free port of 127.0.0.1. Calls that `implementation` lacks answer "unimplemented". */
export async function serve(
  service: Parameters<Server["addService"]>[0],
  implementation: Parameters<Server["addService"]>[1],
): Promise<GrpcServer> {
  const server = new Server({
    "grpc.max_receive_message_length": maximumMessageSize,
    "grpc.max_send_message_length": maximumMessageSize,
  });
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    async close() {
      server.forceShutdown();
    },
  };
}

/**
 * Answers a call by a function. The connection's name tells apart the clients that share the server: each engine, and
 * in an engine each provider resource, has one of its own.
 */
export function unary<Request, Response>(
  answer: (request: Request, connection: string, cancelled: AbortSignal) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const abort = new AbortController();
    call.on("cancelled", () => abort.abort());
    Promise.resolve()
      .then(() => answer(call.request, call.getPeer(), abort.signal))
      .then((response) => callback(null, response))
      .catch((error: unknown) => callback(serviceError(error)));
  };
}

function serviceError(error: unknown): Partial<ServiceError> {
  // HTTP/2 forbids a header that ends with white space, and Node drops it: the engine would pass on an empty message.
  const message = (error instanceof Error ? error.message : String(error)).trimEnd();
  if (!(error instanceof GrpcError)) return { code: status.UNKNOWN, details: message };
  const metadata = new Metadata();
  if (error.details) metadata.set("grpc-status-details-bin", error.details);
  return { code: error.code, details: message, metadata };
}
