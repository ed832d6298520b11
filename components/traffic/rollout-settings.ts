import type * as pulumi from "@pulumi/pulumi";
import type { Gate, Slot, Strategy } from "../../rollout/declaration";
import type { TrafficState } from "../../rollout/traffic-state";
import type { FileTensor } from "../internal/onnx/tensors";
import type { KnownModels, ModelReference } from "../model/repository-models";
import type { ServiceSettings } from "../serving/service-settings";

/** Models of a slot: references, or a Model, whose signature is then compared with the other slot's. */
export type SlotModel = ModelReference | SignedModel;

/** What a Model tells of itself. */
export interface SignedModel {
  readonly references: readonly ModelReference[];
  readonly inputs: readonly FileTensor[];
  readonly outputs: readonly FileTensor[];
}

/** What one slot runs; settings that it does not give are the rollout's. */
export interface RolloutSlot extends ServiceSettings {
  /** The models to serve: both slots serve models of the same names, in any versions. */
  readonly models: readonly SlotModel[];
  /**
   * The server's image, with a digest.
   * @default that of the rollout
   */
  readonly image?: pulumi.Input<string>;
}

/** Where Flagger asks. */
export interface FlaggerSettings {
  /**
   * Address of the Prometheus that gates are measured in.
   * @default "http://prometheus.slipway-monitoring:9090"
   */
  readonly prometheusUrl?: string;
  /**
   * Where it asks for a person's word, with the names of service and gate: an answer 200 is yes, any other is not yet. Flagger's
   * load tester has such an address, `/gate/check`.
   * @default none
   */
  readonly approvalUrl?: string;
}

/** What a Rollout is about, besides the settings of its slots. */
export interface RolloutSettings {
  /** `blue`, `green` or both: a service may start with one, and get the other with its first candidate. */
  readonly slots: { readonly blue?: RolloutSlot; readonly green?: RolloutSlot };
  /** How requests move from the live slot to the other. */
  readonly strategy: Strategy;
  /**
   * The slot that is live first, before anything has been switched.
   * @default "blue"
   */
  readonly live?: Slot;
  /**
   * Which slot is live and who gets how much, as the last switch left it.
   * @default all to `live`
   */
  readonly traffic?: TrafficState;
  /**
   * What the candidate must pass.
   * @default []
   */
  readonly gates?: readonly Gate[];
  /**
   * Whether the candidate's models may take or give other tensors than the live ones.
   * @default false
   */
  readonly allowSignatureChange?: boolean;
  /**
   * Who moves the requests: the program and its commands, or Flagger in the cluster, which does so whenever `green`, or without it
   * `blue`, is to run something else.
   * @default "pulumi"
   */
  readonly driver?: "pulumi" | "flagger";
  /**
   * Where Flagger asks.
   * @default {}
   */
  readonly flagger?: FlaggerSettings;
}

/** Defaults; a test ties each to its `@default` above. */
export const ROLLOUT_DEFAULTS = {
  live: "blue",
  gates: [] as readonly Gate[],
  allowSignatureChange: false,
  driver: "pulumi",
  flagger: {} as FlaggerSettings,
  prometheusUrl: "http://prometheus.slipway-monitoring:9090",
} as const;

/** What is checked beside the settings. */
export interface GivenRollout extends RolloutSettings, ServiceSettings {
  readonly image: pulumi.Input<string>;
  readonly repository: KnownModels;
  /**
   * Whether somebody reads the services' metrics.
   * @default false
   */
  readonly watched?: boolean;
}

/** A filled slot with the settings that it has of its own and of the rollout. */
export interface ResolvedSlot extends ServiceSettings {
  readonly models: readonly ModelReference[];
  readonly image: pulumi.Input<string>;
}

/** A rollout with every default filled in. */
export interface ResolvedRollout {
  /** In the order of SLOTS. */
  readonly filled: readonly Slot[];
  readonly slots: Readonly<Partial<Record<Slot, ResolvedSlot>>>;
  readonly strategy: Strategy;
  readonly gates: readonly Gate[];
  readonly traffic: TrafficState;
  /** Where Flagger asks; undefined where the program moves the requests. */
  readonly flagger: (FlaggerSettings & { readonly prometheusUrl: string }) | undefined;
  /** The slot that gates which run as Jobs are about; undefined where there is none, or no other to compare it with. */
  readonly judged: Slot | undefined;
}

/** The references of a slot's models. */
export function referencesOf(models: readonly SlotModel[]): ModelReference[] {
  return models.flatMap((model) => ("references" in model ? [...model.references] : [model]));
}
