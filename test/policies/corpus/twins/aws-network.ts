import { from, type TwinData } from "../model";
import { autoscaling, group, groupRules, lambda, network } from "../worlds/aws-compute";

const ALL4 = ["0.0.0.0/0"];
const rule = (more: Record<string, unknown>) => ({
  protocol: "tcp",
  fromPort: 443,
  toPort: 443,
  description: "a",
  cidrBlocks: ["10.0.0.0/8"],
  ...more,
});
const ofRule = { names: ["ingress", "group"] };

export const awsNetwork: readonly TwinData[] = [
  ...from("Prowler", [
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
      "SSH from everywhere",
      group,
      { ingress: rule({ fromPort: 22, toPort: 22, cidrBlocks: ALL4 }) },
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
      "SSH from everywhere over IPv6",
      group,
      { ingress: rule({ fromPort: 22, toPort: 22, cidrBlocks: undefined, ipv6CidrBlocks: ["::/0"] }) },
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
      "SSH from everywhere as a resource",
      groupRules,
      { "ingress.fromPort": 22, "ingress.toPort": 22, "ingress.cidrIpv4": "0.0.0.0/0" },
      ofRule,
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
      "SSH from everywhere over IPv6 as a resource",
      groupRules,
      {
        "ingress.fromPort": 22,
        "ingress.toPort": 22,
        "ingress.cidrIpv4": undefined,
        "ingress.cidrIpv6": "::/0",
      },
      ofRule,
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
      "SSH from everywhere as a resource of the older type",
      groupRules,
      { "older.fromPort": 22, "older.toPort": 22, "older.cidrBlocks": ALL4 },
      { names: ["older", "group"] },
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
      "SSH within a range of ports",
      group,
      { ingress: rule({ fromPort: 20, toPort: 25, cidrBlocks: ALL4 }) },
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
      "SSH from everywhere, ports as texts",
      group,
      { ingress: rule({ fromPort: "22", toPort: "22", cidrBlocks: ALL4 }) },
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389",
      "RDP from everywhere",
      group,
      { ingress: rule({ fromPort: 3389, toPort: 3389, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }) },
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_all_ports",
      "every port and protocol",
      group,
      { ingress: rule({ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ALL4 }) },
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_all_ports",
      "every port and protocol as a resource",
      groupRules,
      {
        "ingress.ipProtocol": "-1",
        "ingress.fromPort": undefined,
        "ingress.toPort": undefined,
        "ingress.cidrIpv4": "0.0.0.0/0",
      },
      ofRule,
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_all_ports",
      "every address in two halves",
      group,
      { ingress: rule({ fromPort: 0, toPort: 65535, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }) },
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_postgres_5432",
      "a database from everywhere, in the second rule",
      group,
      { "group.ingress.1": rule({ fromPort: 5432, toPort: 5432, cidrBlocks: ALL4 }) },
      { good: { "group.ingress.1": rule({ fromPort: 5432, toPort: 5432 }) } },
    ],
    [
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_kafka_9092",
      "Kafka from everywhere",
      groupRules,
      { "older.fromPort": 9092, "older.toPort": 9092, "older.ipv6CidrBlocks": ["::/0"] },
      { good: { "older.fromPort": 9092, "older.toPort": 9092 }, names: ["older", "group"] },
    ],
    [
      "ec2_securitygroup_default_restrict_traffic",
      "the default group lets traffic in",
      network,
      {
        "standard.ingress": [
          rule({ protocol: "-1", fromPort: 0, toPort: 0, self: true, cidrBlocks: undefined }),
        ],
      },
      { names: ["standard"] },
    ],
    [
      "ec2_networkacl_allow_ingress_any_port",
      "a network ACL that lets everything in",
      network,
      { "acl.cidrBlock": "0.0.0.0/0", "acl.protocol": "-1", "acl.fromPort": 0, "acl.toPort": 0 },
      { names: ["acl"] },
    ],
    [
      "ec2_networkacl_allow_ingress_tcp_port_22",
      "a network ACL that lets SSH in from everywhere",
      network,
      { "acl.cidrBlock": "0.0.0.0/0", "acl.fromPort": 22, "acl.toPort": 22 },
      { names: ["acl"] },
    ],
    [
      "vpc_subnet_no_public_ip_by_default",
      "a subnet that gives public addresses",
      network,
      { "subnet.mapPublicIpOnLaunch": true },
      { names: ["subnet"] },
    ],
    ["vpc_flow_logs_enabled", "a network without flow logs", network, { flow: undefined }],
    ["vpc_flow_logs_enabled", "a flow log of another network", network, { "flow.vpcId": "vpc-2" }],
    [
      "vpc_flow_logs_enabled",
      "only what is accepted is logged",
      network,
      { "flow.trafficType": "ACCEPT" },
      { good: { "flow.trafficType": "REJECT" }, names: ["vpc", "flow"] },
    ],
    [
      "awslambda_function_url_public",
      "a URL for everyone",
      lambda,
      { "url.authorizationType": "NONE" },
      { names: ["url"] },
    ],
    [
      "awslambda_function_url_public",
      "a URL that names no authorization",
      lambda,
      { "url.authorizationType": "none" },
      { names: ["url"] },
    ],
    [
      "awslambda_function_url_cors_policy",
      "every origin",
      lambda,
      { "url.cors": { allowOrigins: ["*"], allowMethods: ["*"] } },
      {
        good: { "url.cors": { allowOrigins: ["https://app.example"], allowMethods: ["POST"] } },
        names: ["url"],
      },
    ],
    [
      "awslambda_function_not_publicly_accessible",
      "everyone may call",
      lambda,
      {
        "permission.principal": "*",
        "permission.sourceArn": undefined,
        "permission.sourceAccount": undefined,
      },
      { names: ["permission", "function"] },
    ],
    [
      "awslambda_function_no_secrets_in_variables",
      "a password in a variable",
      lambda,
      { "function.environment.variables": { DB_PASSWORD: "hunter2-prod" } },
    ],
    [
      "awslambda_function_no_secrets_in_variables",
      "a key of AWS in a variable",
      lambda,
      { "function.environment.variables.KEY": "AKIAIOSFODNN7EXAMPLE" },
    ],
    [
      "awslambda_function_env_vars_not_encrypted_with_cmk",
      "variables under Lambda's own key",
      lambda,
      { "function.kmsKeyArn": undefined },
    ],
    [
      "awslambda_function_no_dead_letter_queue",
      "failed events are lost",
      lambda,
      { "function.deadLetterConfig": undefined },
    ],
    [
      "awslambda_function_using_supported_runtimes",
      "a runtime out of support",
      lambda,
      { "function.runtime": "nodejs14.x" },
    ],
    [
      "awslambda_function_inside_vpc",
      "a function outside of the network",
      lambda,
      { "function.vpcConfig": undefined },
    ],
    [
      "autoscaling_group_multiple_az",
      "one zone only",
      autoscaling,
      { "group.vpcZoneIdentifiers": ["subnet-a"] },
    ],
    [
      "autoscaling_group_elb_health_check_enabled",
      "the load balancer's health check is not asked",
      autoscaling,
      { "group.healthCheckType": "EC2" },
    ],
  ]),
];
