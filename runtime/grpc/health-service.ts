import { GRPC_HEALTH_SERVICE, GRPC_INFERENCE_SERVICE } from "../contract";
import type { DataPlane } from "../dataplane/dataplane";
import { publicError, ServerError } from "../errors";
import { readTexts } from "./name-and-version";
import type { Call, MessageSink, Method } from "./transport/call";
import { plainUnary } from "./unary";
import { Malformed } from "./wire/malformed";
import { writer } from "./wire/wire-writer";
import { invalid } from "../errors";

const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

/** Milliseconds between two looks at whether a watched status has changed. */
const WATCH_INTERVAL_MS = 500;

/** Watches that may be open at a time: they cost nobody a credential. */
const MOST_WATCHES = 1024;

/** The server as a whole goes by the empty name. */
const SERVICES = new Set(["", GRPC_INFERENCE_SERVICE, GRPC_HEALTH_SERVICE]);

/**
 * The methods of grpc.health.v1.Health, and what ends the watches that are open. Probes bring no credentials.
 * @param tellsModels whether models are told of by their names, which everybody can then find out
 */
export function healthMethods(
  dataPlane: DataPlane,
  tellsModels: boolean,
): {
  methods: [path: string, method: Method][];
  endWatches(): void;
} {
  const status = (service: string) => statusOf(dataPlane, tellsModels, service);
  const watches = new Watches(status);
  return {
    methods: [
      [`/${GRPC_HEALTH_SERVICE}/Check`, plainUnary((bytes) => check(status(readTexts(bytes)[0])))],
      [
        `/${GRPC_HEALTH_SERVICE}/Watch`,
        { kind: "stream", scope: undefined, open: (call) => new Watch(call, watches) },
      ],
    ],
    endWatches: () => watches.finish(),
  };
}

/** Services, and models by their names, so that a proxy can look at the one that it routes to. */
function statusOf(dataPlane: DataPlane, tellsModels: boolean, service: string): number {
  if (SERVICES.has(service)) return dataPlane.ready() ? SERVING : NOT_SERVING;
  if (!tellsModels) return SERVICE_UNKNOWN;
  try {
    return dataPlane.modelReady(service) && !dataPlane.isDraining ? SERVING : NOT_SERVING;
  } catch (error) {
    if (publicError(error).code === "ModelNotFound") return SERVICE_UNKNOWN;
    throw error;
  }
}

function check(status: number): Buffer {
  // Without the name, which may be of any length: the text travels in a header.
  if (status === SERVICE_UNKNOWN) throw new ServerError("ModelNotFound", "There is no such service.");
  return response(status);
}

function response(status: number): Buffer {
  writer.begin().uint(1, status);
  return writer.finish();
}

/** The watches that are open, looked at together. */
class Watches {
  private readonly open = new Set<Watch>();
  private timer: NodeJS.Timeout | undefined;

  constructor(readonly status: (service: string) => number) {}

  /** @throws Overloaded where there are too many */
  add(watch: Watch): void {
    if (this.open.size >= MOST_WATCHES) {
      throw new ServerError("Overloaded", `There are ${MOST_WATCHES} watches already; use Check instead.`);
    }
    this.open.add(watch);
    this.timer ??= setInterval(() => this.look(), WATCH_INTERVAL_MS).unref();
  }

  delete(watch: Watch): void {
    this.open.delete(watch);
    if (this.open.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  finish(): void {
    for (const watch of this.open) watch.finish();
  }

  private look(): void {
    for (const watch of this.open) watch.look();
  }
}

/** Tells the status of one service whenever it changes. */
class Watch implements MessageSink {
  private service: string | undefined;
  private last: number | undefined;

  constructor(
    private readonly call: Call,
    private readonly watches: Watches,
  ) {}

  message(bytes: Buffer): void {
    if (this.service !== undefined) throw invalid("The method takes one message, but the call has more.");
    try {
      this.service = readTexts(bytes)[0];
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      throw invalid(`The message is not valid: ${error.message}.`);
    }
    this.watches.add(this);
    this.call.onCancel = () => this.watches.delete(this);
    this.look();
  }

  end(): void {
    if (this.service === undefined) throw invalid("The method takes one message, but the call has none.");
  }

  finish(): void {
    this.watches.delete(this);
    this.call.send(response(NOT_SERVING));
    this.call.finishStream();
  }

  look(): void {
    const status = this.watches.status(this.service!);
    if (status !== this.last) this.call.send(response(status));
    this.last = status;
  }
}
