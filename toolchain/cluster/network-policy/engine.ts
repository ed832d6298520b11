import { messageOf } from "../../errors";
import type { Cidr } from "./addresses";
import type { ApiGet } from "./api-server";
import { applyRuleset } from "./kernel";
import { kubernetesSource } from "./kubernetes-source";
import { Mirror } from "./mirror";
import type { Namespace, NetworkPolicy, Pod } from "./objects";
import { Reconciler } from "./reconciler";
import { render } from "./render";
import type { Ruleset } from "./ruleset";

export interface EngineOptions {
  readonly get: ApiGet;
  /** Range that pod addresses come from. */
  readonly podCidr: Cidr;
  /** Called each time that the kernel holds the rules of the state known then. */
  readonly onApplied: (ruleset: Ruleset) => void;
  /** One sentence about what went wrong; the engine tries again by itself. */
  readonly onError: (sentence: string) => void;
}

/**
 * Enforces NetworkPolicies in the network namespace that this process runs in, until the signal aborts. Nothing is
 * applied before pods, namespaces and policies are all known, and the rules stay when it ends: known pods stay isolated.
 * A new pod is isolated once its address is published, about a second after it got it.
 */
export async function runEngine(options: EngineOptions, signal: AbortSignal): Promise<void> {
  const { get, podCidr, onApplied, onError } = options;
  const report = (error: unknown) => onError(messageOf(error));
  const reconciler = new Reconciler({
    render: () => {
      if (![policies, pods, namespaces].every((mirror) => mirror.isSynced)) {
        return undefined;
      }
      return render(
        { policies: policies.objects, pods: pods.objects, namespaces: namespaces.objects },
        podCidr,
      );
    },
    apply: (ruleset) => applyRuleset(ruleset),
    onApplied,
    onError: report,
  });
  const follow = { onChange: () => reconciler.trigger(), onError: report };
  const policies = new Mirror<NetworkPolicy>(
    kubernetesSource(get, "/apis/networking.k8s.io/v1/networkpolicies"),
    follow,
  );
  const pods = new Mirror<Pod>(kubernetesSource(get, "/api/v1/pods"), follow);
  const namespaces = new Mirror<Namespace>(kubernetesSource(get, "/api/v1/namespaces"), follow);
  await Promise.all([policies, pods, namespaces, reconciler].map((each) => each.run(signal)));
}
