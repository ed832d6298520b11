import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPrograms } from "../../../../toolchain/programs";
import { runCommand } from "../../../support/slipway";
import { cachedFolder } from "../../../clients/support/cached-folder";
import { mustRun } from "../../../clients/support/python";
import { TestAuthority } from "../../support/certificates";
import { BrokerProcess, freePorts } from "./broker-process";

/** Where RabbitMQ can run: it comes from Debian's packages, unpacked and not installed. */
export const hasRabbit = findPrograms("apt-get").length > 0 && findPrograms("dpkg-deb").length > 0;

const ERLANG = [
  ...["asn1", "base", "crypto", "eldap", "ftp", "inets", "mnesia", "os-mon", "parsetools", "public-key"],
  ...["runtime-tools", "snmp", "ssl", "syntax-tools", "tftp", "tools", "xmerl"],
].map((name) => `erlang-${name}`);
const PACKAGES = ["rabbitmq-server", ...ERLANG];

export const USER = "worker";
/** Of a message. */
export const MOST_BYTES = 36_000;
export const PASSWORD = "correct-horse-battery";

async function rabbitFiles(): Promise<string> {
  return cachedFolder("rabbitmq", PACKAGES.join(), async (folder) => {
    const downloads = mkdtempSync(join(tmpdir(), "slipway-debs-"));
    try {
      const args = ["download", ...PACKAGES];
      if ((await runCommand("apt-get", args, { cwd: downloads })).status !== 0) {
        // A machine that is fresh has no lists of packages yet.
        await runCommand("apt-get", ["-qq", "update"]);
        await mustRun("apt-get", args, { cwd: downloads });
      }
      mkdirSync(folder);
      for (const file of readdirSync(downloads).filter((name) => name.endsWith(".deb")))
        await mustRun("dpkg-deb", ["-x", join(downloads, file), folder]);
    } finally {
      rmSync(downloads, { recursive: true });
    }
  });
}

/** Programs of Erlang know where they are installed: these say that they are elsewhere. */
function writeErlang(files: string, bin: string): void {
  const root = join(files, "usr/lib/erlang");
  const env = `ROOTDIR=${root} BINDIR=${ertsBin(files)} EMU=beam PROGNAME=erl`;
  mkdirSync(bin);
  writeFileSync(join(bin, "erl"), `#!/bin/sh\nexport ${env}\nexec "$BINDIR/erlexec" "$@"\n`, { mode: 0o755 });
}

function ertsBin(files: string): string {
  const root = join(files, "usr/lib/erlang");
  return join(
    root,
    readdirSync(root).find((name) => name.startsWith("erts-"))!,
    "bin",
  );
}

/** One node: clients connect over TLS. Its port and its data survive a restart. */
export class RabbitBroker {
  private constructor(
    readonly address: string,
    readonly dir: string,
    private readonly process: BrokerProcess,
    /** Erlang's port mapper, which would otherwise be started by the node and stay behind it. */
    private readonly mapper: BrokerProcess,
  ) {}

  /** The authority that signed the broker's certificate, PEM. */
  get caFile(): string {
    return join(this.dir, "broker-ca.crt");
  }

  static async start(): Promise<RabbitBroker> {
    const files = await rabbitFiles();
    const dir = mkdtempSync(join(tmpdir(), "slipway-rabbitmq-"));
    const [port, epmdPort, distribution] = (await freePorts(3)) as [number, number, number];
    const bin = join(dir, "bin");
    writeErlang(files, bin);
    const { cert, key } = new TestAuthority(dir, "broker-ca").issue("rabbitmq");
    writeFileSync(join(dir, "server.crt"), cert);
    writeFileSync(join(dir, "server.key"), key);
    writeFileSync(join(dir, "rabbitmq.conf"), configuration(dir, port));
    writeFileSync(join(dir, "plugins"), "[].\n");
    const server = join(files, "usr/lib/rabbitmq/lib");
    const home = join(server, readdirSync(server)[0]!);
    const env = {
      PATH: `${bin}:${process.env.PATH}`,
      HOME: dir,
      RABBITMQ_NODENAME: `slipway${port}@localhost`,
      RABBITMQ_CONFIG_FILE: join(dir, "rabbitmq"),
      RABBITMQ_CONF_ENV_FILE: join(dir, "none"),
      RABBITMQ_MNESIA_BASE: join(dir, "data"),
      RABBITMQ_LOG_BASE: join(dir, "log"),
      RABBITMQ_LOGS: "-",
      RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, "plugins"),
      RABBITMQ_PID_FILE: join(dir, "pid"),
      RABBITMQ_DIST_PORT: String(distribution),
      ERL_EPMD_PORT: String(epmdPort),
      ERL_CRASH_DUMP: join(dir, "crash.dump"),
      ERL_EPMD_ADDRESS: "127.0.0.1",
    };
    const log = join(dir, "broker.log");
    const mapper = new BrokerProcess([join(ertsBin(files), "epmd")], env, epmdPort, log);
    const broker = new BrokerProcess([join(home, "sbin/rabbitmq-server")], env, port, log);
    await mapper.start();
    await broker.start();
    return new RabbitBroker(`localhost:${port}`, dir, broker, mapper);
  }

  async restart(): Promise<void> {
    await this.process.stop();
    await this.process.start();
  }

  async close(): Promise<void> {
    await this.process.stop();
    await this.mapper.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function configuration(dir: string, port: number): string {
  return Object.entries({
    "listeners.tcp": "none",
    "listeners.ssl.default": `127.0.0.1:${port}`,
    "ssl_options.cacertfile": join(dir, "broker-ca.crt"),
    "ssl_options.certfile": join(dir, "server.crt"),
    "ssl_options.keyfile": join(dir, "server.key"),
    "ssl_options.verify": "verify_none",
    "ssl_options.fail_if_no_peer_cert": "false",
    default_user: USER,
    default_pass: PASSWORD,
    "default_permissions.configure": ".*",
    "default_permissions.read": ".*",
    "default_permissions.write": ".*",
    max_message_size: MOST_BYTES,
    "log.console": "true",
  })
    .map(([name, value]) => `${name} = ${value}\n`)
    .join("");
}
