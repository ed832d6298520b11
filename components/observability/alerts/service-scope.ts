/** One service as its rules see it. */
export interface ServiceScope {
  readonly namespace: string;
  /** What it is called: the InferenceService or the Rollout. */
  readonly service: string;
  /** Kubernetes Services of its servers: itself, or its slots. Prometheus labels what it scrapes with them. */
  readonly servers: readonly string[];
  /** Pods that each of them has at least; a server that is not named may have any number. */
  readonly minimums?: Readonly<Record<string, number>>;
  /** Whether it may be without pods while nobody asks. */
  readonly mayWait: boolean;
}

/** Labels that a service's own rules give their results. */
export const ownLabels = ({ namespace, service }: ServiceScope) => ({ namespace, service });
