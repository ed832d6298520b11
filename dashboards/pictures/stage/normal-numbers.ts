import { seededNumbers } from "../../../bench/seeded";

/** Standard normal numbers, the same ones for the same seed (Box and Muller 1958). */
export function normalNumbers(seed: number): () => number {
  const uniform = seededNumbers(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
