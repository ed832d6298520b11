import { from, type TwinData } from "../corpus/model";
import { hpa } from "../corpus/worlds/operations";
import {
  cronJob,
  deployment,
  DIGEST,
  job,
  k8s,
  pod,
  rollout,
  statefulSet,
} from "../corpus/worlds/kubernetes";
import { metrics, nodePolicy, workflow } from "./worlds";

const env = (name: string, value: string) => [{ name, value }];
const image = (name: string) => `${name}@${DIGEST}`;

/** The deployment's pod as a Pod that nothing makes again. */
const bare = pod().resources["workload"]!;

export const outsideWorkloads: readonly TwinData[] = [
  ...from("Kubescape", [
    [
      "C-0062 Sudo in container entrypoint",
      "the command begins with sudo",
      deployment,
      { "c.command": ["sudo", "-E", "serve"] },
      { good: { "c.command": ["serve"] } },
    ],
    ["C-0073 Naked pods", "a pod that nothing makes again", deployment, { workload: bare }],
    [
      "C-0253 Deprecated Kubernetes image registry",
      "an image of k8s.gcr.io",
      cronJob,
      { "c.image": image("k8s.gcr.io/kubectl") },
    ],
    [
      "C-0292 NGINX ingress controller end of life",
      "the controller that nobody mends any more",
      deployment,
      { "c.image": image("registry.k8s.io/ingress-nginx/controller") },
    ],
    [
      "C-0294 Deprecated service account field",
      "the account by the field of old",
      deployment,
      { "pod.serviceAccountName": undefined, "pod.serviceAccount": "shop" },
    ],
    [
      "C-0295 Duplicate environment variable",
      "one variable twice",
      deployment,
      { "c.env": [...env("MODE", "safe"), ...env("MODE", "fast")] },
      { good: { "c.env": env("MODE", "safe") } },
    ],
    [
      "C-0296 Mismatching selector",
      "a selector that the pods do not match",
      deployment,
      { "workload.spec.selector": { matchLabels: { "app.kubernetes.io/name": "other" } } },
    ],
    [
      "C-0299 Dangling network policy",
      "a policy of labels that no pod has",
      deployment,
      { "allow.spec.podSelector": { matchLabels: { "app.kubernetes.io/name": "shp" } } },
    ],
    [
      "C-0307 Nonexistent service account",
      "an account that is not there",
      deployment,
      { "pod.serviceAccountName": "shops" },
    ],
  ]),
  ...from("kube-linter", [
    [
      "invalid-target-ports",
      "a service's port that no container has",
      deployment,
      { "service.spec.ports.0.targetPort": "https" },
    ],
    [
      "job-ttl-seconds-after-finished",
      "a job that stays for ever",
      job,
      { "workload.spec.ttlSecondsAfterFinished": undefined },
    ],
    [
      "liveness-port",
      "a liveness probe of a port that is not open",
      deployment,
      { "c.livenessProbe.httpGet.port": "admin" },
    ],
    [
      "startup-port",
      "a startup probe of a port that is not open",
      statefulSet,
      { "c.startupProbe": { httpGet: { path: "/live", port: "started" } } },
      { good: { "c.startupProbe": { httpGet: { path: "/live", port: "http" } } } },
    ],
    [
      "no-extensions-v1beta",
      "an API that is no more",
      deployment,
      { workload: k8s("extensions/v1beta1:Deployment", deployment().resources["workload"]!.props) },
    ],
    [
      "pdb-unhealthy-pod-eviction-policy",
      "a budget that keeps broken pods on a node",
      deployment,
      { "budget.spec.unhealthyPodEvictionPolicy": undefined },
      { good: { "budget.spec.unhealthyPodEvictionPolicy": "AlwaysAllow" } },
    ],
    [
      "restart-policy",
      "pods that are not started again",
      deployment,
      { "pod.restartPolicy": "Never" },
      { good: { "pod.restartPolicy": "Always" } },
    ],
    [
      "dangling-servicemonitor",
      "a monitor of labels that no service has",
      metrics,
      { "monitor.spec.selector": { matchLabels: { app: "shp" } } },
    ],
    [
      "privileged-ports",
      "a port below 1024",
      deployment,
      { "c.ports": [{ name: "http", containerPort: 80 }] },
    ],
  ]),
  ...from("Polaris", [
    [
      "pdbMinAvailableGreaterThanHPAMinReplicas",
      "a budget above what the autoscaler keeps",
      hpa,
      {
        "budget.spec": {
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          minAvailable: 5,
          selector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
        },
      },
      {
        good: {
          "budget.spec": {
            unhealthyPodEvictionPolicy: "AlwaysAllow",
            minAvailable: 2,
            selector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
          },
        },
      },
    ],
    [
      "pullPolicyNotAlways",
      "an image that is not pulled again",
      deployment,
      { "c.imagePullPolicy": "IfNotPresent" },
    ],
  ]),
  ...from("Datree", [
    [
      "CRONJOB_MISSING_STARTINGDEADLINESECOND_KEY",
      "a missed run has no deadline",
      cronJob,
      { "workload.spec.startingDeadlineSeconds": undefined },
    ],
    [
      "CRONJOB_MISSING_CONCURRENCYPOLICY_KEY",
      "runs beside each other",
      cronJob,
      { "workload.spec.concurrencyPolicy": undefined },
    ],
    [
      "CONTAINERS_INCORRECT_RUNASUSER_VALUE_LOWUID",
      "a user that the host may have too",
      deployment,
      { "c.securityContext.runAsUser": 1000 },
    ],
    [
      "CONTAINERS_INCORRECT_RUNASGROUP_VALUE_LOWGID",
      "a group that the host may have too",
      deployment,
      { "pod.securityContext.runAsGroup": 1000 },
    ],
    [
      "ARGO_WORKFLOW_INCORRECT_SERVICE_ACCOUNT_NAME_VALUE_DEFAULT",
      "a workflow under the default account",
      workflow,
      { "workflow.spec.serviceAccountName": "default" },
    ],
    [
      "ARGO_ROLLOUT_INCORRECT_PROGRESS_DEADLINE_ABORT_VALUE_FALSE",
      "a degraded version goes on",
      rollout,
      { "workload.spec.progressDeadlineAbort": false },
      { good: { "workload.spec.progressDeadlineAbort": true } },
    ],
    [
      "ALL_EXPOSED_SECRET_GITHUB",
      "a token of GitHub in the environment",
      deployment,
      { "c.env": env("UPSTREAM", `ghp_${"a1B2".repeat(9)}`) },
      { good: { "c.env": env("UPSTREAM", "from-a-file") } },
    ],
    [
      "ALL_EXPOSED_SECRET_GITLAB",
      "a token of GitLab on the command line",
      job,
      { "c.args": ["--from", "glpat-x1Y2z3A4b5C6d7E8f9G0"] },
      { good: { "c.args": ["--from", "file"] } },
    ],
    [
      "ALL_EXPOSED_SECRET_GCP",
      "a key of an account of Google's cloud in a ConfigMap",
      metrics,
      {
        "config.data": {
          "account.json": JSON.stringify({
            type: "service_account",
            private_key_id: "3c".repeat(20),
            private_key: `-----BEGIN ${"PRIVATE"} KEY-----\nMIIEv\n-----END ${"PRIVATE"} KEY-----\n`,
          }),
        },
      },
    ],
  ]),
  ...from("Trivy", [
    [
      "KSV-0007 hostAliases",
      "a pod with a file of hosts of its own",
      deployment,
      { "pod.hostAliases": [{ ip: "10.9.8.7", hostnames: ["db.example"] }] },
    ],
    [
      "KSV-0034 Public registries",
      "an image of Docker Hub",
      deployment,
      { "c.image": image("docker.io/library/nginx") },
    ],
    [
      "KSV-0037 User pods in kube-system",
      "a workload among those of the cluster",
      deployment,
      { "workload.metadata.namespace": "kube-system" },
    ],
    [
      "KSV-0039 Limit range usage",
      "a range without defaults",
      nodePolicy,
      { "range.spec.limits": [{ type: "Container", max: { memory: "1Gi" } }] },
    ],
    [
      "KSV-0040 Resource quota usage",
      "a quota that bounds no memory",
      nodePolicy,
      { "quota.spec.hard": { pods: "10" } },
    ],
    ["KSV-0102 Tiller", "Helm 2's server", deployment, { "c.image": image("ghcr.io/helm/tiller") }],
    [
      "KSV-0107 Outdated API",
      "a budget of an API that is no more",
      deployment,
      { budget: k8s("policy/v1beta1:PodDisruptionBudget", deployment().resources["budget"]!.props) },
    ],
    [
      "KSV-0116 Root group",
      "root's group beside the pod's own",
      statefulSet,
      { "pod.securityContext.supplementalGroups": [0] },
      { good: { "pod.securityContext.supplementalGroups": [10002] } },
    ],
    [
      "KSV-0124 Ambiguous repository prefix",
      "allowed registries without an end",
      nodePolicy,
      { "repos.spec.parameters.repos": ["registry.example"] },
    ],
  ]),
];
