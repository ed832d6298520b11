import { invalid } from "../../errors";

const MILLISECONDS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** The milliseconds of a `grpc-timeout`: up to eight digits and a unit. @throws 400 */
export function parseTimeout(header: string): number {
  const unit = MILLISECONDS[header[header.length - 1] ?? ""];
  const digits = header.slice(0, -1);
  if (unit === undefined || !/^[0-9]{1,8}$/.test(digits)) {
    throw invalid(
      `The \`grpc-timeout\` ${JSON.stringify(header.slice(0, 40))} is not up to eight digits and one of H, M, S, m, u, n.`,
    );
  }
  return Number(digits) * unit;
}
