import { seededNormal, seededUniform } from "../../../../runtime/drift/projection";

export type Distribution = { readonly rows: number; readonly seed: number } & (
  | { readonly normal: readonly [mean: number, deviation: number] }
  | { readonly rounded: readonly [mean: number, deviation: number] }
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly exponential: number }
);

/** The same numbers as test/oracles/drift.py draws. */
export function draw(of: Distribution): Float64Array {
  const uniform = seededUniform(of.seed);
  const normal = seededNormal(of.seed);
  const value = (): number => {
    if ("normal" in of) return of.normal[0] + of.normal[1] * normal();
    if ("rounded" in of) return Math.floor(of.rounded[0] + of.rounded[1] * normal() + 0.5);
    if ("exponential" in of) return -of.exponential * Math.log(uniform());
    return of.uniform[0] + (of.uniform[1] - of.uniform[0]) * uniform();
  };
  return Float64Array.from({ length: of.rows }, value);
}
