import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPrograms } from "../../../../toolchain/programs";
import { cachedFolder } from "../../../clients/support/cached-folder";
import { mustRun } from "../../../clients/support/python";
import { TestAuthority } from "../../support/certificates";
import { BrokerProcess, freePorts } from "./broker-process";

/** Where Kafka can run: it is a Java program, and comes from Maven's central repository. */
export const hasKafka = findPrograms("java").length > 0 && findPrograms("mvn").length > 0;

const POM = join(__dirname, "pom.xml");
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/** A broker starts in seconds instead of tens of them without the compiler's second tier. */
const JAVA_OPTIONS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx320m"];

export const USER = "worker";
export const PASSWORD = "correct-horse-battery";

async function kafkaJars(): Promise<string> {
  return cachedFolder("kafka", readFileSync(POM, "utf8"), async (folder) => {
    mkdirSync(folder);
    const args = ["-q", "-B", "-f", POM, COPY, `-DoutputDirectory=${folder}`, "-DincludeScope=runtime"];
    await mustRun("mvn", args);
  });
}

/** One broker, its own controller: clients connect over TLS, with SCRAM. Its port and its data survive a restart. */
export class KafkaBroker {
  private constructor(
    readonly address: string,
    readonly dir: string,
    private readonly process: BrokerProcess,
  ) {}

  /** The authority that signed the broker's certificate, PEM. */
  get caFile(): string {
    return join(this.dir, "broker-ca.crt");
  }

  static async start(): Promise<KafkaBroker> {
    const jars = await kafkaJars();
    const dir = mkdtempSync(join(tmpdir(), "slipway-kafka-"));
    const [port, controller, inside] = (await freePorts(3)) as [number, number, number];
    const { cert, key } = new TestAuthority(dir, "broker-ca").issue("kafka");
    writeFileSync(join(dir, "keystore.pem"), Buffer.concat([key, cert]));
    writeFileSync(join(dir, "server.properties"), properties(dir, port, controller, inside));
    const java = ["java", ...JAVA_OPTIONS, "-cp", `${jars}/*`] as const;
    const scram = `SCRAM-SHA-512=[name=${USER},password=${PASSWORD}]`;
    const format = ["format", "-t", "MkU3OEVBNTcwNTJENDM2Qk", "-c", join(dir, "server.properties")];
    execFileSync(java[0], [...java.slice(1), "kafka.tools.StorageTool", ...format, "--add-scram", scram], {
      stdio: "pipe",
    });
    const broker = new BrokerProcess(
      [java[0], ...java.slice(1), "kafka.Kafka", join(dir, "server.properties")],
      process.env,
      port,
      join(dir, "broker.log"),
    );
    await broker.start();
    return new KafkaBroker(`127.0.0.1:${port}`, dir, broker);
  }

  /** Stops it without its leave, and starts it again with what it had stored. */
  async restart(): Promise<void> {
    await this.process.stop();
    await this.process.start();
  }

  async close(): Promise<void> {
    await this.process.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function properties(dir: string, port: number, controller: number, inside: number): string {
  const jaas = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
  return Object.entries({
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controller}`,
    listeners: `CLIENT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller},INSIDE://127.0.0.1:${inside}`,
    "inter.broker.listener.name": "INSIDE",
    "listener.security.protocol.map": "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT",
    "controller.listener.names": "CONTROLLER",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.client.scram-sha-512.sasl.jaas.config": jaas,
    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": join(dir, "keystore.pem"),
    "log.dirs": join(dir, "data"),
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    "num.partitions": 1,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
