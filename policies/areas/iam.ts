import { advisory, type CatalogEntry, mandatory } from "./entry";
import { apiMethodAuthorization } from "../rules/iam/api-method-authorization";
import { apiMethodKeyOnly } from "../rules/iam/api-method-key-only";
import { apiQuickCreate } from "../rules/iam/api-quick-create";
import { ecrPolicyPublic } from "../rules/iam/ecr-policy-public";
import { ecrPolicyPush } from "../rules/iam/ecr-policy-push";
import { efsAccessPointIdentity } from "../rules/iam/efs-access-point-identity";
import { efsAccessPointRoot } from "../rules/iam/efs-access-point-root";
import { eksAccessClusterAdmin } from "../rules/iam/eks-access-cluster-admin";
import { eksAccessEntryPrincipal } from "../rules/iam/eks-access-entry-principal";
import { eksAccessScope } from "../rules/iam/eks-access-scope";
import { eksAuthenticationMode } from "../rules/iam/eks-authentication-mode";
import { eksAwsAuthMasters } from "../rules/iam/eks-aws-auth-masters";
import { iamAdministratorAccess } from "../rules/iam/iam-administrator-access";
import { iamMfaCondition } from "../rules/iam/iam-mfa-condition";
import { iamPasswordPolicy } from "../rules/iam/iam-password-policy";
import { iamPolicyAdministrator } from "../rules/iam/iam-policy-administrator";
import { iamPolicyAssumeRole } from "../rules/iam/iam-policy-assume-role";
import { iamPolicyDataAccess } from "../rules/iam/iam-policy-data-access";
import { iamPolicyNotAction } from "../rules/iam/iam-policy-not-action";
import { iamPolicyPassRole } from "../rules/iam/iam-policy-pass-role";
import { iamPolicyPrivilegeEscalation } from "../rules/iam/iam-policy-privilege-escalation";
import { iamPolicyResourceWildcard } from "../rules/iam/iam-policy-resource-wildcard";
import { iamPolicyServiceWildcard } from "../rules/iam/iam-policy-service-wildcard";
import { iamRoleTrustAccount } from "../rules/iam/iam-role-trust-account";
import { iamRoleTrustExternalId } from "../rules/iam/iam-role-trust-external-id";
import { iamRoleTrustFederated } from "../rules/iam/iam-role-trust-federated";
import { iamRoleTrustPublic } from "../rules/iam/iam-role-trust-public";
import { iamUserAccessKey } from "../rules/iam/iam-user-access-key";
import { iamUserPolicy } from "../rules/iam/iam-user-policy";
import { lambdaFunctionUrl } from "../rules/iam/lambda-function-url";
import { lambdaPermissionPublic } from "../rules/iam/lambda-permission-public";
import { lambdaPermissionSource } from "../rules/iam/lambda-permission-source";
import { resourcePolicyPublic } from "../rules/iam/resource-policy-public";
import { s3PolicyPublic } from "../rules/iam/s3-policy-public";
import { secretPolicyPublic } from "../rules/iam/secret-policy-public";
import { snsPolicyPublic } from "../rules/iam/sns-policy-public";
import { sqsPolicyPublic } from "../rules/iam/sqs-policy-public";
import { apiRouteAuthorization } from "../rules/iam/api-route-authorization";
import { eksCreatorAdministrator } from "../rules/iam/eks-creator-administrator";
import { iamUserLoginProfile } from "../rules/iam/iam-user-login-profile";
import { lambdaFunctionUrlCors } from "../rules/iam/lambda-function-url-cors";
import { mskAuthentication } from "../rules/iam/msk-authentication";
import { opensearchAccessControl } from "../rules/iam/opensearch-access-control";
import { rdsAdministratorName } from "../rules/iam/rds-administrator-name";
import { rdsIamAuthentication } from "../rules/iam/rds-iam-authentication";
import { redisAuthentication } from "../rules/iam/redis-authentication";
import { s3PolicyDelegation } from "../rules/iam/s3-policy-delegation";
import { secretPolicyAccount } from "../rules/iam/secret-policy-account";
import { vpcEndpointPolicyOpen } from "../rules/iam/vpc-endpoint-policy-open";
import { sagemakerNotebookRoot } from "../rules/iam/sagemaker-notebook-root";

/** Rules on rights in AWS. */
export const iam: readonly CatalogEntry[] = [
  mandatory(apiMethodAuthorization),
  advisory(apiMethodKeyOnly),
  mandatory(apiQuickCreate),
  mandatory(ecrPolicyPublic),
  advisory(ecrPolicyPush),
  advisory(efsAccessPointIdentity),
  advisory(efsAccessPointRoot),
  advisory(eksAccessClusterAdmin),
  mandatory(eksAccessEntryPrincipal),
  advisory(eksAccessScope),
  advisory(eksAuthenticationMode),
  mandatory(eksAwsAuthMasters),
  mandatory(iamAdministratorAccess),
  advisory(iamMfaCondition),
  advisory(iamPasswordPolicy),
  mandatory(iamPolicyAdministrator),
  mandatory(iamPolicyAssumeRole),
  mandatory(iamPolicyDataAccess),
  mandatory(iamPolicyNotAction),
  mandatory(iamPolicyPassRole),
  mandatory(iamPolicyPrivilegeEscalation),
  advisory(iamPolicyResourceWildcard),
  advisory(iamPolicyServiceWildcard),
  advisory(iamRoleTrustAccount),
  advisory(iamRoleTrustExternalId),
  mandatory(iamRoleTrustFederated),
  mandatory(iamRoleTrustPublic),
  advisory(iamUserAccessKey),
  advisory(iamUserPolicy),
  mandatory(lambdaFunctionUrl),
  mandatory(lambdaPermissionPublic),
  advisory(lambdaPermissionSource),
  mandatory(resourcePolicyPublic),
  mandatory(s3PolicyPublic),
  mandatory(secretPolicyPublic),
  mandatory(snsPolicyPublic),
  mandatory(sqsPolicyPublic),
  mandatory(apiRouteAuthorization),
  advisory(eksCreatorAdministrator),
  advisory(iamUserLoginProfile),
  advisory(lambdaFunctionUrlCors),
  mandatory(mskAuthentication),
  advisory(opensearchAccessControl),
  advisory(rdsAdministratorName),
  advisory(rdsIamAuthentication),
  advisory(redisAuthentication),
  advisory(s3PolicyDelegation),
  advisory(secretPolicyAccount),
  advisory(vpcEndpointPolicyOpen),
  advisory(sagemakerNotebookRoot),
];
