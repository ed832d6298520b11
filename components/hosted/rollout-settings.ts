import type { ModelVersion, ServiceSettings } from "./service";

/** What one slot runs; settings that it does not give are the rollout's. */
export interface SlotContent extends ServiceSettings {
  /** The models to serve: both slots serve models of the same names, in any versions. */
  readonly models: ModelVersion[];
  /** The server's image, with a digest. Default: that of the rollout. */
  readonly image?: string;
}

/** Requests that go to the candidate whatever its share. */
export interface HeaderMatch {
  /** Name of a header. */
  readonly header: string;
  /** Its value. */
  readonly value: string;
}

/** When an output of the candidate counts as equal to the live slot's. */
export interface OutputRule {
  /** By how much a number may differ, in its unit. Default: 0. */
  readonly absolute?: number;
  /** By how much more, as a share of the live slot's number. Default: 0. */
  readonly relative?: number;
  /** Whether NaN in the same place of both is equal. Default: true. */
  readonly nanEqual?: boolean;
  /** Compares which elements of each row are the k largest; 0 does not. Default: 0. */
  readonly topK?: number;
}

/** Rules by output, and the one for all others. */
export interface OutputRules {
  /** Rules by the output's name. */
  readonly outputs?: { [output: string]: OutputRule };
  /** The rule for all others. */
  readonly others?: OutputRule;
}

/** How requests move from the live slot to the other; which fields belong to which kind, the component tells. Times in seconds. */
export interface Strategy {
  /** `blueGreen`, `canary`, `shadow` or `abTest`, in which a person decides. */
  readonly kind: string;
  /** Of `blueGreen` and `canary`: time for which the old slot keeps its pods after a switch. Default: 600. */
  readonly scaleDownDelay?: number;
  /** Of `canary`: the candidate's share after each step in percent. Default: [5, 10, 25, 50]. */
  readonly stepWeights?: number[];
  /** Of `canary`: the candidate's first share in percent, with `increment` and `maxWeight` instead of `stepWeights`. */
  readonly weight?: number;
  /** Of `canary`: by how much the share grows at each step. */
  readonly increment?: number;
  /** Of `canary`: where the share stops growing. */
  readonly maxWeight?: number;
  /** Of `canary`: time for which a step is watched before the next. Default: 60. */
  readonly interval?: number;
  /** Of `canary`: keeps a client on the side that it was sent to. Default: false. */
  readonly affinity?: boolean;
  /** Of `canary`: requests that go to the candidate whatever its share. */
  readonly match?: HeaderMatch;
  /** Of `shadow`: share of requests that are copied, in percent. Default: 100. */
  readonly percent?: number;
  /** Of `shadow`: share of requests whose answers are compared, in percent. Default: 10. */
  readonly samplePercent?: number;
  /** Of `shadow`: when answers count as equal. Default: {}. */
  readonly compare?: OutputRules;
  /** Of `abTest`: the candidate's share of clients in percent. Default: 50. */
  readonly share?: number;
  /** Of `abTest`: who keeps a user on a side, a `cookie` of the gateway or the callers' `header`. Default: "cookie". */
  readonly assignment?: string;
}

/** What the candidate must pass; which fields belong to which kind, the component tells. Times in seconds. */
export interface Gate {
  /** `prometheus`, `errorRate`, `latency`, `comparison`, `feedback`, `quality`, `drift`, `job` or `approval`. */
  readonly kind: string;
  /** Unique within a rollout; letters, digits and hyphens. */
  readonly name: string;
  /** Time of a step that passes before a measuring gate is asked first. Default: 0. */
  readonly initialDelay?: number;
  /** Time between two measurements. Default: 10. */
  readonly every?: number;
  /** Measurements of a step that may be bad. Default: 0. */
  readonly failureLimit?: number;
  /** Measurements of a step that may say nothing. Default: 3. */
  readonly inconclusiveLimit?: number;
  /** Requests that the candidate must have answered in the window, of `feedback` (there 100 where it is left out) samples whose truth came. Default: 0. */
  readonly minimumSamples?: number;
  /** Of `prometheus`: PromQL with one number as its result. */
  readonly query?: string;
  /** Of `prometheus`: the number at least. */
  readonly min?: number;
  /** Of `prometheus`: the number at most. */
  readonly max?: number;
  /** Of `errorRate` and `comparison`: at most, in percent. Default: 1. */
  readonly maxPercent?: number;
  /** Of `errorRate`, `feedback` and `quality`: how much worse than the live slot it may be. */
  readonly notWorseThanLiveBy?: number;
  /** Of `latency`: which requests it is about, as a share. Default: 0.99. */
  readonly quantile?: number;
  /** Of `latency`: seconds at most. */
  readonly maxSeconds?: number;
  /** Of `latency`: percent above the live slot's, at most. */
  readonly notSlowerThanLiveBy?: number;
  /** Of `feedback`, `quality` and `drift`: the model. */
  readonly model?: string;
  /** Of `quality` and `drift`: ConfigMap with the questions in `dataset.json`. */
  readonly dataset?: string;
  /** Of `quality` and `drift`: the output that is judged. */
  readonly output?: string;
  /** Of `quality`: `accuracy`, `f1`, `rocAuc` or `rmse`. Of `feedback`: `accuracy`, `precision`, `recall`, `f1`, `rmse` or `mae`. */
  readonly metric?: string;
  /** Of `feedback`, `quality` and `drift`: the bound, which `drift` alone may always leave out. Default: 0.2. */
  readonly threshold?: number;
  /** Of `feedback`: what it is about, `all` or `KEY=VALUE` of a segment. Default: "all". */
  readonly segment?: string;
  /** Of `feedback`: time that it looks back, by when truth came. Default: 3600. */
  readonly window?: number;
  /** Of `drift`: `psi` or `ks`. Default: "psi". */
  readonly method?: string;
  /** Of `job`: its image, with a digest. */
  readonly image?: string;
  /** Of `job`: its command. */
  readonly command?: string[];
  /** Of `job`: its arguments. */
  readonly args?: string[];
  /** Of `job`: further environment. */
  readonly env?: { [variable: string]: string };
  /** Of `job`: time until it counts as failed. Default: 300. */
  readonly timeout?: number;
}

/** Which slot is live and who gets how much, as the last switch left it. */
export interface Traffic {
  /** The slot that answers for the service. */
  readonly live: string;
  /** Share of requests of each slot in percent. */
  readonly weights: { [slot: string]: number };
  /** Share of requests that are copied to the other slot, in percent. Default: 0. */
  readonly mirror?: number;
  /** What the other slot does while it has no traffic: `warm` or `cold`. Default: "warm". */
  readonly standby?: string;
  /** The slot that requests move to, or have moved to last; `none` after a way back. */
  readonly candidate?: string;
  /** Hash of the audit record's last entry. */
  readonly recordHead?: string;
  /** UID of the namespace `kube-system` of the cluster that holds that entry. */
  readonly recordCluster?: string;
}
