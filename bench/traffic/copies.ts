import { setTimeout as sleep } from "node:timers/promises";
import { routesOf, servicesOf, type KnownRollout } from "../../cli/rollout/known-rollout";
import { changeRules, moveAllTraffic } from "../../cli/rollout/move-routes";
import { openProfile, rolloutNamed } from "../../cli/rollout/open-desk";
import type { TrafficCluster } from "../../cli/rollout/kubernetes";
import type { RouteRule } from "../../cli/rollout/route-rules";
import { silent } from "../../toolchain/progress";
import { SERVICE, inBackground, must, readStatus } from "./stage";

const LOOKS = 300;
const LOOK_MS = 1_000;

/**
 * Copies of a service's requests, which begin and end within moments: the walk that makes everything for them has stopped, and only
 * the routes' filters come and go. A command for each would spend a minute with the engine.
 */
export class Copies {
  private constructor(
    private readonly cluster: TrafficCluster,
    private readonly rollout: KnownRollout,
    private readonly copying: ReadonlyMap<string, readonly RouteRule[]>,
  ) {}

  /** They have not begun then. */
  static async ofService(): Promise<Copies> {
    const walk = inBackground("rollout", SERVICE, "--observe", "3600", "--reason", "benchmark");
    for (let look = 0; (await readStatus()).mirror === 0; look++) {
      if (look > LOOKS) throw new Error(`requests are not copied: ${walk.said()}`);
      await sleep(LOOK_MS);
    }
    walk.child.kill("SIGTERM");
    await walk.ended;
    const open = await openProfile({ profile: "local" }, "outputs", silent);
    const rollout = rolloutNamed(open, SERVICE);
    const found = routesOf(rollout).map(async ({ kind, name }) => {
      const route = await open.cluster.find(kind, rollout.namespace, name);
      return [`${kind}/${name}`, (route!.spec as { rules: RouteRule[] }).rules] as const;
    });
    const copies = new Copies(open.cluster, rollout, new Map(await Promise.all(found)));
    await copies.end();
    return copies;
  }

  async begin(): Promise<void> {
    for (const route of routesOf(this.rollout)) {
      const rules = this.copying.get(`${route.kind}/${route.name}`)!;
      await changeRules(this.cluster, this.rollout.namespace, route, () => rules);
    }
    if ((await readStatus()).mirror === 0) throw new Error("requests are not copied");
  }

  async end(): Promise<void> {
    const { namespace } = this.rollout;
    await moveAllTraffic(this.cluster, namespace, routesOf(this.rollout), servicesOf(this.rollout), "blue");
  }

  /** As if nobody had begun. */
  async close(): Promise<void> {
    this.cluster.close();
    await must("rollback", SERVICE, "--reason", "benchmark");
  }
}
