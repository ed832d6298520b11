import { from, type TwinData } from "../model";
import { balancer, ingress, namespace, service, storageClass } from "../worlds/cluster";
import { deployment } from "../worlds/kubernetes";

const EVERYONE = [{ ipBlock: { cidr: "0.0.0.0/0" } }];
const snippet = (name: string, text: string) => ({ [`nginx.ingress.kubernetes.io/${name}`]: text });

export const clusterNetwork: readonly TwinData[] = [
  ...from("CIS Kubernetes Benchmark", [
    [
      "Ensure that all Namespaces have Network Policies defined",
      "a namespace without a policy",
      namespace,
      { deny: undefined, allow: undefined },
      { names: ["namespace", "workload"] },
    ],
    [
      "Ensure that all Namespaces have Network Policies defined",
      "a namespace with policies for some pods only",
      namespace,
      { deny: undefined },
    ],
    [
      "Ensure that all Namespaces have Network Policies defined",
      "a default deny of another namespace",
      namespace,
      { "deny.metadata.namespace": "other" },
      { names: ["namespace"] },
    ],
  ]),
  ...from("NSA/CISA Kubernetes Hardening", [
    [
      "Network policies",
      "a policy that lets everyone in",
      deployment,
      { "allow.spec.ingress": [{}] },
      { names: ["allow"] },
    ],
    [
      "Network policies",
      "a policy that lets every address in",
      deployment,
      { "allow.spec.ingress": [{ from: EVERYONE }] },
      { names: ["allow"] },
    ],
    [
      "Network policies",
      "a policy that lets every IPv6 address in",
      deployment,
      { "allow.spec.ingress": [{ from: [{ ipBlock: { cidr: "::/0" } }], ports: [{ port: 8080 }] }] },
      { names: ["allow"] },
    ],
    [
      "Network policies",
      "a policy that lets every namespace in, on every port",
      deployment,
      { "allow.spec.ingress": [{ from: [{ namespaceSelector: {} }] }] },
      { names: ["allow"] },
    ],
    [
      "Network policies",
      "a policy that lets everything out",
      deployment,
      { "allow.spec.egress": [{}] },
      { names: ["allow", "workload"] },
    ],
    [
      "Network policies",
      "a policy that lets everything out to every address",
      deployment,
      { "allow.spec.egress": [{ to: EVERYONE }] },
      { names: ["allow", "workload"] },
    ],
    [
      "Network policies",
      "a default deny of one direction",
      namespace,
      { "deny.spec.policyTypes": ["Egress"] },
      { names: ["namespace", "deny"] },
    ],
    [
      "Network policies",
      "nothing restricts what a workload calls",
      deployment,
      {
        "deny.spec.policyTypes": ["Ingress"],
        "allow.spec.policyTypes": ["Ingress"],
        "allow.spec.egress": undefined,
      },
      { names: ["workload", "deny", "allow", "namespace"] },
    ],
  ]),
  ...from("kube-linter", [
    ["exposed-services", "a port on every node", service, { "service.spec.type": "NodePort" }],
    [
      "exposed-services",
      "a port on every node, with its number",
      service,
      { "service.spec.type": "NodePort", "service.spec.ports.0.nodePort": 30080 },
    ],
  ]),
  ...from("Kubernetes documentation", [
    [
      "Service: external IPs",
      "an address of its own choice",
      service,
      { "service.spec.externalIPs": ["203.0.113.7"] },
      { good: { "service.spec.externalIPs": [] } },
    ],
    [
      "Service: loadBalancerSourceRanges",
      "a load balancer for every address",
      balancer,
      { "service.spec.loadBalancerSourceRanges": ["0.0.0.0/0"] },
    ],
    [
      "Service: loadBalancerSourceRanges",
      "a load balancer without ranges",
      balancer,
      { "service.spec.loadBalancerSourceRanges": undefined },
    ],
    [
      "Service: loadBalancerSourceRanges",
      "everyone behind a narrow range",
      balancer,
      { "service.spec.loadBalancerSourceRanges": ["10.0.0.0/8", "::/0"] },
    ],
    [
      "Service: loadBalancerSourceRanges",
      "two halves of all addresses",
      balancer,
      { "service.spec.loadBalancerSourceRanges": ["0.0.0.0/1", "128.0.0.0/1"] },
    ],
    ["Ingress: TLS", "an ingress without TLS", ingress, { "ingress.spec.tls": undefined }],
    ["Ingress: TLS", "an empty list of TLS", ingress, { "ingress.spec.tls": [] }],
    ["Ingress: TLS", "TLS for another host", ingress, { "ingress.spec.tls.0.hosts": ["other.example"] }],
  ]),
  ...from("Checkov", [
    [
      "CKV_K8S_153",
      "configuration of nginx in an annotation",
      ingress,
      { "ingress.metadata.annotations": snippet("configuration-snippet", "more_set_headers 'a: b';") },
    ],
    [
      "CKV_K8S_152",
      "Lua in an annotation",
      ingress,
      {
        "ingress.metadata.annotations": snippet(
          "server-snippet",
          "content_by_lua_block { os.execute('id') }",
        ),
      },
    ],
  ]),
  ...from("EKS best practices", [
    [
      "Encryption at rest: EBS",
      "a storage class without encryption",
      storageClass,
      { "storage.parameters": { type: "gp3" } },
    ],
    ["Encryption at rest: EBS", "encryption off", storageClass, { "storage.parameters.encrypted": "false" }],
    ["Encryption at rest: EBS", "no parameters", storageClass, { "storage.parameters": undefined }],
    [
      "Encryption at rest: EBS",
      "the driver of old, without encryption",
      storageClass,
      { "storage.provisioner": "kubernetes.io/aws-ebs", "storage.parameters": { type: "gp2" } },
      { good: { "storage.provisioner": "kubernetes.io/aws-ebs" } },
    ],
    [
      "Encryption in transit: EFS",
      "a volume of EFS without TLS",
      deployment,
      {
        volume: {
          type: "kubernetes:core/v1:PersistentVolume",
          props: {
            metadata: { name: "efs" },
            spec: {
              csi: {
                driver: "efs.csi.aws.com",
                volumeHandle: "fs-1",
                volumeAttributes: { encryptInTransit: "false" },
              },
            },
          },
        },
      },
      {
        good: {
          volume: {
            type: "kubernetes:core/v1:PersistentVolume",
            props: {
              metadata: { name: "efs" },
              spec: { csi: { driver: "efs.csi.aws.com", volumeHandle: "fs-1" } },
            },
          },
        },
        names: ["volume"],
      },
    ],
    [
      "Network security: load balancers",
      "a load balancer of AWS that faces the internet in plain text",
      balancer,
      {
        "service.spec.ports": [{ name: "http", port: 80 }],
        "service.metadata.annotations": {
          "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
        },
        "service.spec.loadBalancerSourceRanges": ["0.0.0.0/0"],
      },
    ],
    [
      "Network security: load balancers",
      "old versions of TLS on a load balancer of AWS",
      balancer,
      {
        "service.metadata.annotations": {
          "service.beta.kubernetes.io/aws-load-balancer-ssl-ports": "443",
          "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy":
            "ELBSecurityPolicy-TLS-1-0-2015-04",
        },
      },
      {
        good: {
          "service.metadata.annotations": {
            "service.beta.kubernetes.io/aws-load-balancer-ssl-ports": "443",
            "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy":
              "ELBSecurityPolicy-TLS13-1-2-2021-06",
          },
        },
      },
    ],
  ]),
];
