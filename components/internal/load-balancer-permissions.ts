import { allow } from "./aws-policies";

/**
 * What the AWS Load Balancer Controller 3.5 needs for NLBs and ALBs: it changes only what carries its own tag, and the rules of the
 * cluster's security groups. Actions and conditions follow the controller's reference policy, without Cognito, which no
 * load balancer here has, and without Shield and the classic WAF, which its chart switches off.
 */
export function loadBalancerPermissions(partition: string, clusterName: string): string {
  const ofCluster = { Null: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "false" } };
  const tagged = { Null: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "false" } };
  const tagging = { Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "false" } };
  const retagging = {
    Null: {
      "aws:RequestTag/elbv2.k8s.aws/cluster": "true",
      "aws:ResourceTag/elbv2.k8s.aws/cluster": "false",
    },
  };
  const groups = [`arn:${partition}:ec2:*:*:security-group/*`];
  const elb = (...kinds: string[]) =>
    kinds.map((kind) => `arn:${partition}:elasticloadbalancing:*:*:${kind}`);
  const balancers = elb("targetgroup/*/*", "loadbalancer/net/*/*", "loadbalancer/app/*/*");
  const api = (names: readonly string[]) => names.map((name) => `elasticloadbalancing:${name}`);
  return allow(
    {
      actions: ["iam:CreateServiceLinkedRole"],
      resources: ["*"],
      condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    },
    {
      actions: [
        ...[
          "AccountAttributes",
          "Addresses",
          "AvailabilityZones",
          "Instances",
          "InternetGateways",
          "IpamPools",
          "NetworkInterfaces",
          "RouteTables",
          "SecurityGroups",
          "Subnets",
          "Tags",
          "VpcPeeringConnections",
          "Vpcs",
        ].map((kind) => `ec2:Describe${kind}`),
        "ec2:GetSecurityGroupsForVpc",
        ...api([
          "DescribeCapacityReservation",
          "DescribeListenerAttributes",
          "DescribeListenerCertificates",
          "DescribeListeners",
          "DescribeLoadBalancerAttributes",
          "DescribeLoadBalancers",
          "DescribeRules",
          "DescribeSSLPolicies",
          "DescribeTags",
          "DescribeTargetGroupAttributes",
          "DescribeTargetGroups",
          "DescribeTargetHealth",
          "DescribeTrustStores",
        ]),
        "acm:ListCertificates",
        "acm:DescribeCertificate",
      ],
      resources: ["*"],
    },
    { actions: ["ec2:CreateSecurityGroup"], resources: ["*"] },
    {
      actions: ["ec2:CreateTags"],
      resources: groups,
      condition: { StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" }, ...tagging },
    },
    { actions: ["ec2:CreateTags", "ec2:DeleteTags"], resources: groups, condition: retagging },
    {
      actions: [
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupIngress",
        "ec2:DeleteSecurityGroup",
      ],
      resources: ["*"],
      condition: tagged,
    },
    // Targets are pods: the group that they share with the nodes, which EKS tags, has to let the load balancer in.
    {
      actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
      resources: groups,
      condition: ofCluster,
    },
    { actions: api(["CreateLoadBalancer", "CreateTargetGroup"]), resources: ["*"], condition: tagging },
    {
      actions: api([
        "AddListenerCertificates",
        "CreateListener",
        "CreateRule",
        "DeleteListener",
        "DeleteRule",
        "ModifyListener",
        "ModifyRule",
        "RemoveListenerCertificates",
        "SetRulePriorities",
      ]),
      resources: ["*"],
    },
    { actions: api(["AddTags", "RemoveTags"]), resources: balancers, condition: retagging },
    {
      actions: api(["AddTags", "RemoveTags"]),
      resources: elb(
        ...["listener", "listener-rule"].flatMap((kind) => [`${kind}/net/*/*/*`, `${kind}/app/*/*/*`]),
      ),
    },
    {
      actions: api(["AddTags"]),
      resources: balancers,
      condition: {
        StringEquals: {
          "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"],
        },
        ...tagging,
      },
    },
    {
      actions: api([
        "DeleteLoadBalancer",
        "DeleteTargetGroup",
        "ModifyCapacityReservation",
        "ModifyIpPools",
        "ModifyListenerAttributes",
        "ModifyLoadBalancerAttributes",
        "ModifyTargetGroup",
        "ModifyTargetGroupAttributes",
        "SetIpAddressType",
        "SetSecurityGroups",
        "SetSubnets",
      ]),
      resources: ["*"],
      condition: tagged,
    },
    { actions: api(["RegisterTargets", "DeregisterTargets"]), resources: elb("targetgroup/*/*") },
    {
      actions: ["GetWebACL", "GetWebACLForResource", "AssociateWebACL", "DisassociateWebACL"].map(
        (name) => `wafv2:${name}`,
      ),
      resources: ["*"],
    },
    // AWS asks for it beside the association itself.
    { actions: api(["SetWebAcl"]), resources: elb("loadbalancer/app/*/*") },
  );
}
