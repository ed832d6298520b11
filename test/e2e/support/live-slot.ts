import { SERVICE, must, readStatus, reset } from "../../../bench/traffic/stage";

/** All traffic is green's, as a case before may have left it: each switch takes twenty seconds. */
export async function greenIsLive(): Promise<void> {
  const { live, slots, inProgress } = await readStatus();
  if (live === "green" && slots.green.weight === 100 && inProgress === null) return;
  await reset();
  await must("promote", SERVICE, "--reason", "before a test");
}
