import { coveredBy, grantRule, isForAnyResource, isNarrowed } from "../../model/iam-policies";

/** What changes or deletes things, or says who may use them; all of these can be limited to resources. */
const CHANGING = [
  "s3:putobject",
  "s3:deleteobject",
  "s3:deletebucket",
  "s3:putbucketpolicy",
  "s3:putbucketacl",
  "s3:putbucketpublicaccessblock",
  "dynamodb:putitem",
  "dynamodb:updateitem",
  "dynamodb:deleteitem",
  "dynamodb:deletetable",
  "ec2:terminateinstances",
  "ec2:stopinstances",
  "ec2:deletevolume",
  "ec2:deletesnapshot",
  "ec2:modifysnapshotattribute",
  "ec2:modifyimageattribute",
  "rds:deletedbinstance",
  "rds:deletedbcluster",
  "rds:modifydbinstance",
  "rds:modifydbsnapshotattribute",
  "kms:putkeypolicy",
  "kms:creategrant",
  "kms:schedulekeydeletion",
  "kms:disablekey",
  "lambda:invokefunction",
  "lambda:updatefunctioncode",
  "lambda:addpermission",
  "lambda:deletefunction",
  "sqs:sendmessage",
  "sqs:deletemessage",
  "sqs:purgequeue",
  "sqs:setqueueattributes",
  "secretsmanager:putsecretvalue",
  "secretsmanager:deletesecret",
  "secretsmanager:putresourcepolicy",
  "ecr:putimage",
  "ecr:batchdeleteimage",
  "ecr:setrepositorypolicy",
  "eks:deletecluster",
  "eks:createaccessentry",
  "eks:associateaccesspolicy",
  "cloudtrail:stoplogging",
  "cloudtrail:deletetrail",
  "logs:deleteloggroup",
  "iam:deleterole",
  "iam:deletepolicy",
];

export const iamPolicyResourceWildcard = grantRule(
  {
    id: "iam-policy-resource-wildcard",
    title: "Policies name what may be changed or deleted",
    severity: "medium",
    description:
      "On `*` a mistake, or whoever takes the role over, reaches every resource of that kind in the account.",
    remediation: 'Action: ["sqs:SendMessage"], Resource: [queue.arn]',
    controls: [],
  },
  (grant) => {
    const action = coveredBy(grant, CHANGING);
    return action === undefined || !isForAnyResource(grant) || isNarrowed(grant)
      ? undefined
      : `must name the resources that \`${action}\` is for, not \`*\`.`;
  },
);
