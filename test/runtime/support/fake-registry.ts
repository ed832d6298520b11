import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import pino from "pino";
import { Metrics } from "../../../runtime/metrics/metrics";
import { ModelRegistry } from "../../../runtime/models/registry";
import type { LoadRequest, RegistryOptions } from "../../../runtime/models/registry-types";
import { FakeServable } from "./fake-servable";
import { modelFolder } from "./model-folder";

/** A registry over a real folder whose models are fakes: a `model.onnx` that says "bad" cannot be loaded. */
export class FakeRegistry {
  readonly root: string;
  readonly registry: ModelRegistry;
  readonly metrics = new Metrics(() => true);
  readonly loaded: FakeServable[] = [];
  /** Lines of the log, as `model/version reason`. */
  readonly complaints: string[] = [];
  /** Milliseconds, moved by tests. */
  now = 0;
  /** Awaited by every load. */
  gate: (request: LoadRequest) => Promise<void> = async () => undefined;
  /** Bytes that a loaded version says it holds. */
  memoryOf: (name: string) => number = () => 0;
  /** Turns of the event loop that a request takes. */
  turns = 1;
  private generation = 0;

  constructor(files: Record<string, string>, options: Partial<RegistryOptions> = {}) {
    this.root = modelFolder({});
    this.write(files);
    const log = pino(
      { level: "warn", base: null },
      {
        write: (line: string) => {
          const { model, version, reason } = JSON.parse(line) as Record<string, string>;
          if (reason !== undefined) this.complaints.push(`${model}/${version} ${reason}`);
        },
      },
    );
    this.registry = new ModelRegistry({
      modelRepository: this.root,
      instances: 1,
      intraOpThreads: 1,
      parallelLoads: 4,
      maxQueueSize: 10,
      metrics: this.metrics,
      log,
      load: (request) => this.load(request),
      now: () => this.now,
      ...options,
    });
  }

  static async start(
    files: Record<string, string>,
    options: Partial<RegistryOptions> = {},
  ): Promise<FakeRegistry> {
    const fake = new FakeRegistry(files, options);
    await fake.registry.loadAll();
    return fake;
  }

  /** Adds files, as `model/version/model.onnx`; those that are there are replaced. */
  write(files: Record<string, string>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  /** The loaded version that a request finds, as `version#generation`. @throws where it would have to be loaded */
  found(name: string, version?: string): string {
    const servable = this.registry.resolve(name, version);
    if (servable instanceof Promise) {
      servable.catch(() => undefined);
      throw new Error("it has to be loaded first");
    }
    return described(servable as FakeServable);
  }

  /** The version that a request gets, loaded first where it must be. */
  async awaited(name: string, version?: string): Promise<string> {
    return described((await this.registry.resolve(name, version)) as FakeServable);
  }

  /** `name/version STATE reason` of each line of the index. */
  index(): string[] {
    return this.registry
      .index()
      .map(({ name, version, state, reason }) => `${name}/${version} ${state}${reason && ` ${reason}`}`);
  }

  private async load(request: LoadRequest): Promise<FakeServable> {
    await this.gate(request);
    const content = readFileSync(join(request.dir, "model.onnx"), "utf8");
    if (content.startsWith("bad")) throw new Error("`model.onnx` is bad.");
    const servable = new FakeServable(request, ++this.generation, this.turns);
    servable.memoryBytes = this.memoryOf(request.name);
    servable.lastUsed = this.now;
    this.loaded.push(servable);
    return servable;
  }
}

function described({ version, generation }: FakeServable): string {
  return `${version}#${generation}`;
}
