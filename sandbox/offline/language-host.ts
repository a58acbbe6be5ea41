import { type ServerWritableStream, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import type {
  AboutRequest,
  GetProgramDependenciesRequest,
  InstallDependenciesRequest,
  LanguageHandshakeRequest,
  RunRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { createEngineLog } from "./engine-log.ts";
import { GrpcError, serve, unary } from "./grpc-server.ts";
import { installedDependencies } from "./program-dependencies.ts";
import { type Environment, programCommand, runOutcome } from "./program-command.ts";
import { runProcess } from "./run-process.ts";

/** A language host that runs. */
export interface RunningLanguageHost {
  /** The value of `PULUMI_DEBUG_LANGUAGES` that attaches the engine to it, e.g. `nodejs:40001`. */
  readonly debugLanguages: string;
  close(): Promise<void>;
}

/**
 * Starts a stand-in for `pulumi-language-nodejs`: `LanguageRuntime` of
 * https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto, for any number of engines at once.
 * @param options.environment the environment of the programs it runs. The official host inherits the engine's; an
 *   attached one is told nothing of it.
 */
export async function startLanguageHost(options: { readonly environment: Environment }): Promise<RunningLanguageHost> {
  const server = await serve(LanguageRuntimeService, languageService(options.environment));
  return { debugLanguages: `nodejs:${server.port}`, close: () => server.close() };
}

function languageService(environment: Environment): UntypedServiceImplementation {
  // Each engine comes over a connection of its own, and tells its address first.
  const engines = new Map<string, string>();
  const running = new Map<string, Set<AbortController>>();

  return {
    handshake: unary((request: LanguageHandshakeRequest, connection) => {
      engines.set(connection, request.getEngineAddress());
      return new language.LanguageHandshakeResponse();
    }),

    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion("1.0.0");
      return info;
    }),

    // Nothing is required: what is named here the engine would look for on disk and download, attached or not.
    getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
    runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
    template: unary(() => new language.TemplateResponse()),

    run: unary(async (request: RunRequest, connection, cancelled) => {
      const engineAddress = engines.get(connection);
      if (!engineAddress) throw new GrpcError(status.FAILED_PRECONDITION, "no handshake came before the run");
      const command = programCommand(request, engineAddress, environment);
      const stop = new AbortController();
      const runs = running.get(connection) ?? new Set();
      running.set(connection, runs.add(stop));
      const log = createEngineLog(engineAddress);
      try {
        const exit = await runProcess(command, log, AbortSignal.any([stop.signal, cancelled]));
        const outcome = runOutcome(exit);
        const response = new language.RunResponse();
        response.setError(outcome.error);
        response.setBail(outcome.bail);
        return response;
      } finally {
        runs.delete(stop);
        await log.close();
      }
    }),

    cancel: unary((_request: unknown, connection) => {
      for (const stop of running.get(connection) ?? []) stop.abort();
      return new empty.Empty();
    }),

    about: unary((_request: AboutRequest) => {
      const response = new language.AboutResponse();
      response.setExecutable(process.execPath);
      response.setVersion(process.version);
      return response;
    }),

    getProgramDependencies: unary(async (request: GetProgramDependenciesRequest) => {
      const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
      const dependencies = await installedDependencies(folder);
      const response = new language.GetProgramDependenciesResponse();
      response.setDependenciesList(
        dependencies.map(({ name, version }) => {
          const dependency = new language.DependencyInfo();
          dependency.setName(name);
          dependency.setVersion(version);
          return dependency;
        }),
      );
      return response;
    }),

    installDependencies(call: ServerWritableStream<InstallDependenciesRequest, unknown>) {
      const folder = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
      const write = (stream: "stdout" | "stderr", text: string) => {
        const response = new language.InstallDependenciesResponse();
        if (stream === "stdout") response.setStdout(Buffer.from(text));
        else response.setStderr(Buffer.from(text));
        call.write(response);
      };
      const npm = { file: "npm", args: ["install"], cwd: folder, environment };
      runProcess(npm, { write }, new AbortController().signal).then(
        ({ code }) => {
          if (code === 0) call.end();
          else
            call.destroy(
              Object.assign(new Error(`npm install failed with exit code ${code}`), { code: status.UNKNOWN }),
            );
        },
        (error: Error) => call.destroy(Object.assign(error, { code: status.UNKNOWN })),
      );
    },
  };
}
