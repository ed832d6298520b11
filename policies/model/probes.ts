import type { Field } from "./field";

const PROBES = ["readinessProbe", "livenessProbe", "startupProbe"];
const HOOKS = ["postStart", "preStop"];
const HANDLERS = ["httpGet", "tcpSocket", "grpc"];

/** A port that the kubelet calls: by the name of a port of the container, or by its number. */
export interface AskedPort {
  /** Such as `readinessProbe` or `lifecycle.preStop`. */
  readonly asker: string;
  readonly port: string | number;
  /** Whether it is a port of the pod, and not of another host. */
  readonly isOwn: boolean;
}

const DIGITS = /^\d+$/;

/** What probes and hooks of a container ask. @throws UnknownRead */
export function askedPorts(container: Field): AskedPort[] {
  const askers = [...PROBES.map((probe) => [probe]), ...HOOKS.map((hook) => ["lifecycle", hook])];
  return askers.flatMap((path) =>
    HANDLERS.flatMap((kind) => {
      const handler = container.get(...path, kind);
      const field = handler.get("port");
      const value = field.string() ?? field.number();
      if (value === undefined) return [];
      const port = DIGITS.test(`${value}`) ? Number(value) : value;
      return [{ asker: path.join("."), port, isOwn: !handler.get("host").exists() }];
    }),
  );
}
