import { advisory, type CatalogEntry, mandatory } from "./entry";
import { serviceSelectsPods } from "../rules/network/service-selects-pods";
import { gatewaySourceRanges } from "../rules/network/gateway-source-ranges";
import { namespaceDefaultDeny } from "../rules/network/namespace-default-deny";
import { networkPolicyAllowAll } from "../rules/network/network-policy-allow-all";
import { serviceExternalIps } from "../rules/network/service-external-ips";
import { serviceNodePort } from "../rules/network/service-node-port";
import { serviceSourceRanges } from "../rules/network/service-source-ranges";
import { workloadEgress } from "../rules/network/workload-egress";
import { databaseSnapshotPublic } from "../rules/network/database-snapshot-public";
import { defaultSecurityGroup } from "../rules/network/default-security-group";
import { dmsPublicAccess } from "../rules/network/dms-public-access";
import { eksNodeRemoteAccess } from "../rules/network/eks-node-remote-access";
import { eksPrivateEndpoint } from "../rules/network/eks-private-endpoint";
import { eksPublicEndpoint } from "../rules/network/eks-public-endpoint";
import { instanceMetadataHopLimit } from "../rules/network/instance-metadata-hop-limit";
import { instanceMetadataTokens } from "../rules/network/instance-metadata-tokens";
import { instancePublicAddress } from "../rules/network/instance-public-address";
import { loadBalancerRequestChecks } from "../rules/network/load-balancer-request-checks";
import { loadBalancerSources } from "../rules/network/load-balancer-sources";
import { machineImagePublic } from "../rules/network/machine-image-public";
import { mskPublicAccess } from "../rules/network/msk-public-access";
import { networkAclAdministrationPorts } from "../rules/network/network-acl-administration-ports";
import { opensearchPublicAccess } from "../rules/network/opensearch-public-access";
import { rdsPublicAccess } from "../rules/network/rds-public-access";
import { redshiftPublicAccess } from "../rules/network/redshift-public-access";
import { s3ObjectOwnership } from "../rules/network/s3-object-ownership";
import { s3PublicAccessBlock } from "../rules/network/s3-public-access-block";
import { s3PublicAcl } from "../rules/network/s3-public-acl";
import { securityGroupAdministrationPorts } from "../rules/network/security-group-administration-ports";
import { securityGroupAllPorts } from "../rules/network/security-group-all-ports";
import { securityGroupEgress } from "../rules/network/security-group-egress";
import { securityGroupInternalPorts } from "../rules/network/security-group-internal-ports";
import { securityGroupOpenPorts } from "../rules/network/security-group-open-ports";
import { subnetPublicAddress } from "../rules/network/subnet-public-address";
import { volumeSnapshotPublic } from "../rules/network/volume-snapshot-public";
import { serviceExternalName } from "../rules/network/service-external-name";
import { networkPolicyMetadataAddress } from "../rules/network/network-policy-metadata-address";
import { networkPolicyEgressAll } from "../rules/network/network-policy-egress-all";
import { apiStageWebAcl } from "../rules/network/api-stage-web-acl";
import { bucketPublicAccessBlock } from "../rules/network/bucket-public-access-block";
import { cloudfrontWebAcl } from "../rules/network/cloudfront-web-acl";
import { loadBalancerWebAcl } from "../rules/network/load-balancer-web-acl";
import { vpcDefaultSecurityGroup } from "../rules/network/vpc-default-security-group";
import { prefixListInternet } from "../rules/network/prefix-list-internet";
import { vpcDefault } from "../rules/network/vpc-default";
import { ingressHost } from "../rules/network/ingress-host";
import { ingressSnippetAllowed } from "../rules/network/ingress-snippet-allowed";
import { endpointsLocalAddress } from "../rules/network/endpoints-local-address";
import { ingressAnnotationCharacters } from "../rules/network/ingress-annotation-characters";
import { serviceTargetPort } from "../rules/network/service-target-port";
import { ingressBackend } from "../rules/network/ingress-backend";
import { networkPolicySelects } from "../rules/network/network-policy-selects";
import { securityGroupDescription } from "../rules/network/security-group-description";
import { redshiftSubnetGroup } from "../rules/network/redshift-subnet-group";
import { s3BucketNameDots } from "../rules/network/s3-bucket-name-dots";
import { sagemakerInternetAccess } from "../rules/network/sagemaker-internet-access";
import { sagemakerContainerNetwork } from "../rules/network/sagemaker-container-network";
import { webAclCountedGroup } from "../rules/network/web-acl-counted-group";
import { webAclRefusal } from "../rules/network/web-acl-refusal";
import { webAclGroupAction } from "../rules/network/web-acl-group-action";
import { networkPolicyOpenPort } from "../rules/network/network-policy-open-port";
import { networkPolicySplitPeer } from "../rules/network/network-policy-split-peer";

/** Rules on addresses and who reaches whom. */
export const network: readonly CatalogEntry[] = [
  mandatory(namespaceDefaultDeny),
  mandatory(networkPolicyAllowAll),
  mandatory(serviceExternalIps),
  advisory(serviceNodePort),
  advisory(serviceSourceRanges),
  advisory(gatewaySourceRanges),
  advisory(workloadEgress),
  mandatory(databaseSnapshotPublic),
  mandatory(defaultSecurityGroup),
  mandatory(dmsPublicAccess),
  mandatory(eksNodeRemoteAccess),
  mandatory(eksPrivateEndpoint),
  mandatory(eksPublicEndpoint),
  advisory(instanceMetadataHopLimit),
  mandatory(instanceMetadataTokens),
  mandatory(instancePublicAddress),
  advisory(loadBalancerRequestChecks),
  advisory(loadBalancerSources),
  mandatory(machineImagePublic),
  mandatory(mskPublicAccess),
  advisory(networkAclAdministrationPorts),
  mandatory(opensearchPublicAccess),
  mandatory(rdsPublicAccess),
  mandatory(redshiftPublicAccess),
  advisory(s3ObjectOwnership),
  mandatory(s3PublicAccessBlock),
  mandatory(s3PublicAcl),
  mandatory(securityGroupAdministrationPorts),
  mandatory(securityGroupAllPorts),
  advisory(securityGroupEgress),
  mandatory(securityGroupInternalPorts),
  advisory(securityGroupOpenPorts),
  mandatory(subnetPublicAddress),
  mandatory(volumeSnapshotPublic),
  advisory(serviceExternalName),
  mandatory(networkPolicyMetadataAddress),
  mandatory(networkPolicyEgressAll),
  advisory(apiStageWebAcl),
  advisory(bucketPublicAccessBlock),
  advisory(cloudfrontWebAcl),
  advisory(loadBalancerWebAcl),
  advisory(vpcDefaultSecurityGroup),
  advisory(prefixListInternet),
  advisory(vpcDefault),
  advisory(ingressHost),
  mandatory(ingressSnippetAllowed),
  mandatory(endpointsLocalAddress),
  mandatory(ingressAnnotationCharacters),
  advisory(serviceTargetPort),
  advisory(serviceSelectsPods),
  advisory(ingressBackend),
  advisory(networkPolicySelects),
  advisory(securityGroupDescription),
  advisory(redshiftSubnetGroup),
  advisory(s3BucketNameDots),
  advisory(sagemakerInternetAccess),
  advisory(sagemakerContainerNetwork),
  advisory(webAclCountedGroup),
  advisory(webAclRefusal),
  advisory(webAclGroupAction),
  advisory(networkPolicyOpenPort),
  advisory(networkPolicySplitPeer),
];
