import { status } from "@grpc/grpc-js";
import type { handleServerStreamingCall, handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/language_pb";
import {
  PackageDependency,
  PackageParameterization,
  PluginDependency,
  PluginInfo,
} from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Children, Exit } from "./children";
import { exitOf } from "./children";
import { programDependencies, requiredPackages } from "./packages";
import type { ProviderPackage } from "./packages";
import { pluginCommand, programCommand } from "./program";

/** The SDK's runner exits with this when it has told the person already what was wrong. */
const EXITED_AFTER_REPORTING = 32;

function unary<Request, Response>(
  work: (request: Request) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const answer = async () => {
      try {
        callback(null, await work(call.request));
      } catch (error) {
        callback({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
      }
    };
    void answer();
  };
}

/** What the engine shall make of how a program ended. */
export function runResponse({ code, signal }: Exit): pb.RunResponse {
  const response = new pb.RunResponse();
  if (code === 0) return response;
  if (code === EXITED_AFTER_REPORTING) return response.setBail(true);
  const how = signal === null ? `exited with non-zero exit code: ${code}` : `was ended by ${signal}`;
  return response.setError(`Program ${how}`);
}

function packageDependency(required: ProviderPackage): PackageDependency {
  const dependency = new PackageDependency().setKind("resource");
  dependency
    .setName(required.name)
    .setVersion(required.version)
    .setServer(required.server ?? "");
  const { parameterization } = required;
  if (parameterization === undefined) return dependency;
  const wire = new PackageParameterization().setName(parameterization.name);
  wire.setVersion(parameterization.version).setValue(parameterization.value);
  return dependency.setParameterization(wire);
}

function pluginDependency({ name, version, server }: ProviderPackage): PluginDependency {
  return new PluginDependency()
    .setKind("resource")
    .setName(name)
    .setVersion(version)
    .setServer(server ?? "");
}

/** Everything that the engine asks of a language host in order to run Node programs and policy packs. */
export class LanguageHost {
  constructor(
    private readonly version: string,
    private readonly engineAddress: string,
    private readonly children: Children,
  ) {}

  handlers(): UntypedServiceImplementation {
    const directory = (info: pb.ProgramInfo | undefined) => info?.getProgramDirectory() ?? process.cwd();
    return {
      handshake: unary(() => new pb.LanguageHandshakeResponse()),
      getPluginInfo: unary(() => new PluginInfo().setVersion(this.version)),
      getRequiredPlugins: unary((request: pb.GetRequiredPluginsRequest) => {
        const plugins = requiredPackages(directory(request.getInfo())).map(pluginDependency);
        return new pb.GetRequiredPluginsResponse().setPluginsList(plugins);
      }),
      getRequiredPackages: unary((request: pb.GetRequiredPackagesRequest) => {
        const packages = requiredPackages(directory(request.getInfo())).map(packageDependency);
        return new pb.GetRequiredPackagesResponse().setPackagesList(packages);
      }),
      getProgramDependencies: unary((request: pb.GetProgramDependenciesRequest) => {
        const dependencies = programDependencies(directory(request.getInfo())).map(({ name, version }) =>
          new pb.DependencyInfo().setName(name).setVersion(version),
        );
        return new pb.GetProgramDependenciesResponse().setDependenciesList(dependencies);
      }),
      about: unary(() => new pb.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
      runtimeOptionsPrompts: unary(() => new pb.RuntimeOptionsResponse()),
      run: this.run(),
      runPlugin: this.runPlugin(),
      installDependencies: installDependencies,
      cancel: unary(() => {
        this.children.stopAll();
        return new Empty();
      }),
      ...unimplemented(["template", "generateProgram", "generateProject", "generatePackage", "pack", "link"]),
    };
  }

  private run(): handleUnaryCall<pb.RunRequest, pb.RunResponse> {
    return (call, callback) => {
      const answer = async () => {
        // The program's output is the host's own: the engine shows it line by line.
        const command = programCommand(call.request, this.engineAddress);
        const child = this.children.start(command, ["ignore", "inherit", "inherit"]);
        call.on("cancelled", () => this.children.stop(child));
        return runResponse(await exitOf(child));
      };
      answer().then(
        (response) => callback(null, response),
        (error: Error) => callback(null, new pb.RunResponse().setError(error.message)),
      );
    };
  }

  private runPlugin(): handleServerStreamingCall<pb.RunPluginRequest, pb.RunPluginResponse> {
    return (call) => {
      const answer = async () => {
        const child = this.children.start(pluginCommand(call.request), ["ignore", "pipe", "pipe"]);
        call.on("cancelled", () => this.children.stop(child));
        child.stdout?.on("data", (data: Buffer) => call.write(new pb.RunPluginResponse().setStdout(data)));
        child.stderr?.on("data", (data: Buffer) => call.write(new pb.RunPluginResponse().setStderr(data)));
        const { code } = await exitOf(child);
        call.write(new pb.RunPluginResponse().setExitcode(code ?? 1));
        call.end();
      };
      answer().catch((error: Error) =>
        call.destroy(Object.assign(error, { code: status.UNKNOWN, details: error.message })),
      );
    };
  }
}

const installDependencies: handleServerStreamingCall<
  pb.InstallDependenciesRequest,
  pb.InstallDependenciesResponse
> = (call) => {
  const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
  const line = `Dependencies of ${directory} are installed by \`npm ci\`; nothing was done.\n`;
  call.write(new pb.InstallDependenciesResponse().setStdout(Buffer.from(line)));
  call.end();
};

function unimplemented(methods: readonly string[]): UntypedServiceImplementation {
  const refuse = (method: string): handleUnaryCall<unknown, unknown> => {
    return (_call, callback) =>
      callback({ code: status.UNIMPLEMENTED, details: `${method} is not implemented.` });
  };
  return Object.fromEntries(methods.map((method) => [method, refuse(method)]));
}
