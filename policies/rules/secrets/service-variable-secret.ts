import { CONTAINER_SERVICES, type Variable } from "../../model/aws-containers";
import { credentialAt } from "../../model/credentials";
import { eachRule } from "../../model/input-rule";
import { asText } from "../../model/scalars";

export const serviceVariableSecret = eachRule<Variable>(
  {
    id: "service-variable-secret",
    title: "No credentials in the variables of App Runner, Batch and SageMaker",
    severity: "critical",
    description:
      "Variables of a service, a job or a model are shown to everyone who may look at it, and stand in its every revision.",
    remediation:
      "// App Runner and Batch fetch them at start; a model's container does with its role.\nruntimeEnvironmentSecrets: { DB_PASSWORD: secret.arn }",
    types: [
      "aws:apprunner/service:Service",
      "aws:batch/jobDefinition:JobDefinition",
      "aws:sagemaker/model:Model",
      "aws:sagemaker/trainingJob:TrainingJob",
    ],
    controls: [],
  },
  (fields, { type }) => CONTAINER_SERVICES[type]?.variables(fields) ?? [],
  ({ name, value }) => {
    const key = name.string() ?? "";
    const found = credentialAt(key, asText(value));
    return found && `must not hold ${found} (variable \`${key}\`).`;
  },
);
