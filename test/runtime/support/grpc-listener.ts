import pino from "pino";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";
import type { InferRequest } from "../../../runtime/dataplane/infer-request";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { ServerError } from "../../../runtime/errors";
import type { GrpcOptions } from "../../../runtime/grpc/grpc-options";
import { createGrpcListener, type GrpcListener } from "../../../runtime/grpc/grpc-server";
import { FAKE_SETTINGS } from "./fake-servable";

/** What was counted of the one model. */
export interface Counted {
  readonly outcomes: string[];
  readonly unresolved: string[];
  serialised: number;
}

export interface ScriptedListener {
  readonly listener: GrpcListener;
  readonly port: number;
  readonly address: string;
  readonly counted: Counted;
  readonly budget: ByteBudget;
  /** Runs that have begun, in their order. */
  readonly runs: InferRequest[];
}

/** How a run goes; by default its inputs are its outputs. */
export type Script = (run: InferRequest) => Promise<Tensor[]>;

/**
 * The gRPC transport over a data plane with the one model `m` whose runs go as the test says.
 * @param loading what the model waits for until it is there
 */
export async function scriptedListener(
  script: Script = (run) => Promise.resolve([...run.inputs]),
  options: Partial<GrpcOptions> = {},
  loading?: Promise<unknown>,
): Promise<ScriptedListener> {
  const counted: Counted = { outcomes: [], unresolved: [], serialised: 0 };
  const runs: InferRequest[] = [];
  const budget = options.budget ?? new ByteBudget(1e8);
  const model = {
    name: "m",
    version: "1",
    config: { sha256: {} },
    settings: FAKE_SETTINGS,
    metrics: {
      succeeded: () => void counted.outcomes.push("OK"),
      failed: (code: string) => void counted.outcomes.push(code),
      serialised: () => void counted.serialised++,
    },
  };
  const known = (name: string) => {
    if (name !== "m") throw new ServerError("ModelNotFound", `There is no model \`${name}\`.`);
  };
  const dataPlane = {
    isDraining: false,
    live: () => true,
    ready: () => true,
    modelReady: (name: string) => (known(name), true),
    resolve: (name: string) => (known(name), loading ? loading.then(() => model) : model),
    schedulingOf: (parameters: Record<string, unknown>) => ({
      priority: parameters.priority,
      deadline: parameters.timeout === undefined ? undefined : Number(parameters.timeout),
    }),
    infer: (_model: unknown, run: InferRequest) => {
      runs.push(run);
      return script(run);
    },
  };
  const listener = createGrpcListener({
    log: pino({ level: "silent" }),
    budget,
    metrics: { unresolved: (code: string) => void counted.unresolved.push(code) },
    maxMessageBytes: 1e6,
    requestTimeout: 60,
    headerTimeout: 10,
    idleTimeout: 75,
    maxConnections: 100,
    dataPlane,
    ...options,
  } as never);
  const port = await listener.listen("127.0.0.1", 0);
  return { listener, port, address: `127.0.0.1:${port}`, counted, budget, runs };
}

/** A promise that the test settles. */
export function held<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
} {
  let resolve!: (value: Value) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<Value>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
