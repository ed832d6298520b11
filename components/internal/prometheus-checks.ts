import type { Peer } from "./network-policy";
import { checkPeers } from "./peer-checks";
import { byteCount } from "./quantity";
import { MEMORY_FORM } from "./resource-checks";
import { isHostName, isPort, Problems } from "./validation";

const DURATION =
  /^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$/;

const SECONDS: Readonly<Record<string, number>> = {
  y: 365 * 86_400,
  w: 7 * 86_400,
  d: 86_400,
  h: 3_600,
  m: 60,
  s: 1,
  ms: 0.001,
};

/** Seconds of a duration of Prometheus, as in "1h30m"; undefined where it is none. */
export function durationSeconds(duration: string): number | undefined {
  if (duration === "" || !DURATION.test(duration)) return undefined;
  const parts = [...duration.matchAll(/(\d+)(ms|[ywdhms])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit!]!, 0);
}

/** A label's name, as Prometheus has it. */
export const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const VERSION = /^\d+\.\d+\.\d+$/;

/** Records a version that an operator could not read. */
export function checkVersion(
  version: string | undefined,
  path: string,
  example: string,
  problems: Problems,
): void {
  if (version === undefined) return;
  problems.check(VERSION.test(version), path, `"${version}" must be a version, as in "${example}"`);
}

/** Kubernetes' volumes are counted in 64 bits; nobody has one of an exbibyte. */
const MOST_BYTES = 2 ** 60;

/** Records what the API server would refuse in the claim of a volume. */
export function checkStorage(
  storage: { readonly size: string; readonly storageClass?: string } | undefined,
  path: string,
  problems: Problems,
): void {
  if (storage === undefined) return;
  const bytes = byteCount(storage.size) ?? 0;
  problems.check(
    bytes > 0 && bytes <= MOST_BYTES,
    `${path}.size`,
    `"${storage.size}" must be ${MEMORY_FORM.replace("512Mi", "50Gi")}`,
  );
  const { storageClass } = storage;
  problems.check(
    storageClass === undefined || isHostName(storageClass),
    `${path}.storageClass`,
    `"${storageClass}" must be the name of a StorageClass`,
  );
}

/** Records what the API server would refuse in a flow to pods. */
export function checkPodTarget(
  target: (Peer & { readonly port: number }) | undefined,
  path: string,
  problems: Problems,
): void {
  if (target === undefined) return;
  problems.absorb(
    (own) => own.replace("pods[0]", path),
    () => {
      const found = new Problems("pods", path);
      checkPeers("pods", [target], found);
      found.throwIfAny();
    },
  );
  problems.check(isPort(target.port), `${path}.port`, `${target.port} must be from 1 to 65535`);
}
