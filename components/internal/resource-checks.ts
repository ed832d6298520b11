import { byteCount, milliCores } from "./quantity";
import type { Problems } from "./validation";

/** Kubernetes quantities of a container; a limit that is left out is none. */
export interface Resources {
  readonly cpuRequest: string;
  readonly cpuLimit?: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
}

const CPU_FORM = 'a CPU quantity, as in "250m" or "1.5"';
export const MEMORY_FORM = 'a memory quantity, as in "512Mi"';

/** Each must be a quantity above zero, and no request above its limit: the API server would refuse the pods only. */
export function checkResources(resources: Resources, problems: Problems): void {
  checkPair(resources, "cpuRequest", "cpuLimit", milliCores, CPU_FORM, problems);
  checkPair(resources, "memoryRequest", "memoryLimit", byteCount, MEMORY_FORM, problems);
}

function checkPair(
  resources: Resources,
  request: keyof Resources,
  limit: keyof Resources,
  parse: (quantity: string) => number | undefined,
  form: string,
  problems: Problems,
): void {
  const sizeOf = (field: keyof Resources): number | undefined => {
    const quantity = resources[field];
    if (quantity === undefined) return undefined;
    const size = parse(quantity);
    problems.check((size ?? 0) > 0, field, `"${quantity}" must be ${form}`);
    return size;
  };
  const least = sizeOf(request);
  const most = sizeOf(limit);
  if (!least || !most) return;
  problems.check(
    least <= most,
    request,
    `"${resources[request]}" must be <= \`${limit}\` ("${resources[limit]}")`,
  );
}
