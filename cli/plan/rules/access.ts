import { access, always, each, interruption, on } from "./rule";
import type { Effect, RuleTable } from "./rule";
import type { ResourceChange } from "../steps";

const kinds = (prefix: string, names: string) => names.split(" ").map((name) => `${prefix}/${name}`);

const isCertificate = ({ before, after }: ResourceChange) => (after ?? before)?.type === "kubernetes.io/tls";

const CERTIFICATE = interruption("servers present another certificate once their pods see it");
const CREDENTIAL = access("changes what its readers can authenticate with");
const secretEffect = (change: ResourceChange): Effect => (isCertificate(change) ? CERTIFICATE : CREDENTIAL);

/** Who may do what, and who reaches whom. */
export const ACCESS: RuleTable = {
  "kubernetes:core/Secret": {
    noun: "the secret",
    create: (change) => (isCertificate(change) ? undefined : CREDENTIAL),
    delete: interruption("pods that mount it cannot start any more"),
    replace: secretEffect,
    update: [on(/^(data|stringData|type)\b/, (_, change) => secretEffect(change))],
  },
  "kubernetes:core/ServiceAccount": always(access("changes as whom pods act"), "the service account"),
  "kubernetes:networking.k8s.io/NetworkPolicy": always(
    access("changes which pods reach which"),
    "the network policy",
  ),
  ...each(
    kinds("kubernetes:rbac.authorization.k8s.io", "Role ClusterRole RoleBinding ClusterRoleBinding"),
    always(access("changes who may do what in the cluster")),
  ),
  ...each(
    kinds(
      "kubernetes:admissionregistration.k8s.io",
      "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    ),
    always(access("changes which objects the cluster accepts")),
  ),
  ...each(
    kinds(
      "kubernetes:external-secrets.io",
      "ExternalSecret ClusterExternalSecret SecretStore ClusterSecretStore",
    ),
    always(access("changes which secrets come into the cluster")),
  ),
  ...each(
    [
      ...kinds(
        "aws:iam",
        "Role Policy RolePolicy RolePolicyAttachment RolePoliciesExclusive RolePolicyAttachmentsExclusive InstanceProfile User UserPolicy UserPolicyAttachment Group GroupPolicy AccessKey OpenIdConnectProvider",
      ),
      ...kinds(
        "aws:eks",
        "AccessEntry AccessPolicyAssociation PodIdentityAssociation IdentityProviderConfig",
      ),
      ...kinds(
        "aws:s3",
        "BucketPolicy BucketPublicAccessBlock BucketOwnershipControls BucketAcl BucketAclV2",
      ),
      ...kinds("aws:s3", "BucketServerSideEncryptionConfiguration BucketServerSideEncryptionConfigurationV2"),
      ...kinds("aws:kms", "KeyPolicy Grant"),
      ...kinds("aws:sqs", "QueuePolicy"),
      ...kinds("aws:sns", "TopicPolicy"),
      ...kinds("aws:ecr", "RepositoryPolicy RegistryPolicy"),
      ...kinds("aws:secretsmanager", "SecretPolicy SecretVersion"),
      ...kinds("aws:lambda", "Permission FunctionUrl"),
      ...kinds("aws:apigatewayv2", "Authorizer"),
    ],
    always(access("changes who may do what in the account")),
  ),
  ...each(
    [
      ...kinds("aws:ec2", "SecurityGroupRule DefaultSecurityGroup NetworkAcl NetworkAclRule"),
      ...kinds("aws:vpc", "SecurityGroupIngressRule SecurityGroupEgressRule SecurityGroupVpcAssociation"),
      ...kinds("aws:wafv2", "WebAcl WebAclAssociation IpSet RuleGroup"),
    ],
    always(access("changes who can connect to what")),
  ),
  "aws:ec2/SecurityGroup": {
    noun: "the security group",
    create: access("changes who can connect to what"),
    delete: access("what it allowed is refused"),
    replace: interruption("whatever carries the old one loses its connections until it carries the new one"),
    update: [on(/^(ingress|egress)\b/, access("changes who can connect to what"))],
  },
};
