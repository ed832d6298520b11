import assert from "node:assert";
import { join } from "node:path";
import { ProgramInfo, RunPluginRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { projectRoot } from "../../../../toolchain/paths";
import { runResponse } from "../../../../toolchain/plugins/host/language-host";
import { pluginCommand, programCommand } from "../../../../toolchain/plugins/host/program";

const sdk = (module: string) => join(projectRoot, "node_modules/@pulumi/pulumi/cmd", module, "index.js");

function programInfo(options: { [name: string]: string | boolean } = {}): ProgramInfo {
  const info = new ProgramInfo().setRootDirectory(projectRoot).setProgramDirectory(projectRoot);
  return info.setEntryPoint("index.js").setOptions(Struct.fromJavaScript(options));
}

describe("programCommand", () => {
  it("calls the SDK's runner of the program with what the engine asked for", () => {
    const request = new RunRequest().setInfo(programInfo()).setPwd("/work").setProject("p").setStack("s");
    request.setMonitorAddress("127.0.0.1:1").setParallel(8).setDryrun(true).setOrganization("o");
    request.setArgsList(["--flag"]).setConfigsecretkeysList(["p:b"]);
    request.getConfigMap().set("p:a", "1");
    const { args, cwd, env } = programCommand(request, "127.0.0.1:2");
    assert.deepStrictEqual(
      args.join(" "),
      `${sdk("run")} --monitor 127.0.0.1:1 --engine 127.0.0.1:2 --organization o --project p ` +
        `--root-directory ${projectRoot} --stack s --pwd /work --parallel 8 --dry-run index.js --flag`,
    );
    assert.strictEqual(cwd, "/work");
    assert.strictEqual(env.PULUMI_CONFIG, '{"p:a":"1"}');
    assert.strictEqual(env.PULUMI_CONFIG_SECRET_KEYS, '["p:b"]');
    assert.strictEqual(env.PULUMI_NODEJS_TYPESCRIPT, "true");
  });

  it("honours the runtime's options", () => {
    const options = { typescript: false, nodeargs: "--max-old-space-size=4096 --no-warnings" };
    const { args, env } = programCommand(new RunRequest().setInfo(programInfo(options)), "");
    assert.deepStrictEqual(args.slice(0, 2), ["--max-old-space-size=4096", "--no-warnings"]);
    assert.strictEqual(env.PULUMI_NODEJS_TYPESCRIPT, "false");
  });

  it("says how to install an SDK that is not there", () => {
    const request = new RunRequest().setInfo(new ProgramInfo().setProgramDirectory("/nowhere"));
    assert.throws(() => programCommand(request, ""), {
      message: "The Pulumi SDK is not installed for /nowhere: run `npm ci` there.",
    });
  });
});

describe("pluginCommand", () => {
  it("runs a policy pack in its own folder, the engine's address first", () => {
    const request = new RunPluginRequest().setInfo(programInfo()).setKind("analyzer").setPwd("/work");
    request.setArgsList(["127.0.0.1:2"]).setEnvList(["A=b=c"]);
    const { args, cwd, env } = pluginCommand(request);
    assert.deepStrictEqual(args, [sdk("run-policy-pack"), "127.0.0.1:2", projectRoot]);
    assert.deepStrictEqual([cwd, env.A], [projectRoot, "b=c"]);
  });

  it("runs any other plugin in the engine's folder, the program first", () => {
    const request = new RunPluginRequest().setInfo(programInfo()).setKind("resource").setPwd("/work");
    const { args, cwd } = pluginCommand(request.setArgsList(["127.0.0.1:2"]));
    assert.deepStrictEqual([args, cwd], [[sdk("run-plugin"), projectRoot, "127.0.0.1:2"], "/work"]);
  });
});

describe("runResponse", () => {
  const cases: [number | null, NodeJS.Signals | null, string, boolean][] = [
    [0, null, "", false],
    [32, null, "", true],
    [1, null, "Program exited with non-zero exit code: 1", false],
    [null, "SIGKILL", "Program was ended by SIGKILL", false],
  ];
  for (const [code, signal, error, bail] of cases) {
    it(`makes "${error}"${bail ? " (bail)" : ""} of exit status ${code ?? signal}`, () => {
      const response = runResponse({ code, signal });
      assert.deepStrictEqual([response.getError(), response.getBail()], [error, bail]);
    });
  }
});
