import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const sagemakerKmsEncryption = inputRule(
  {
    id: "sagemaker-kms-encryption",
    title: "SageMaker volumes are encrypted with a KMS key",
    severity: "medium",
    description: "Models, inputs and captured answers lie on the volumes of notebooks and endpoints.",
    remediation: "kmsKeyId: key.arn // of an endpoint configuration: kmsKeyArn",
    types: [
      "aws:sagemaker/notebookInstance:NotebookInstance",
      "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    ],
    controls: awsControls("sagemaker_notebook_instance_encryption_enabled"),
  },
  (resource, { type }) => {
    const property = type.endsWith(":NotebookInstance") ? "kmsKeyId" : "kmsKeyArn";
    return (resource.get(property).string() ?? "") === "" ? `must set \`${property}\`.` : undefined;
  },
);
