import { serviceVariableSecret } from "../../../../policies/rules/secrets/service-variable-secret";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const service = (runtimeEnvironmentVariables: unknown) =>
  put("service", "aws:apprunner/service:Service", {
    sourceConfiguration: { imageRepository: { imageConfiguration: { runtimeEnvironmentVariables } } },
  });
const job = (props: Record<string, unknown>) => put("job", "aws:batch/jobDefinition:JobDefinition", props);
const model = (...containers: object[]) =>
  put("model", "aws:sagemaker/model:Model", { enableNetworkIsolation: true, containers });

const HELD = { API_TOKEN: "0123456789abcdef" };
const LISTED = [{ name: "API_TOKEN", value: "0123456789abcdef" }];

describeRule(serviceVariableSecret, {
  good: {
    none: service({ LEVEL: "info" }),
    reference: service({ DB_SECRET: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db" }),
    "a model": model({ environment: { MODEL: "whisper" } }),
  },
  bad: {
    "a service from an image": service(HELD),
    "a service from code": put("service", "aws:apprunner/service:Service", {
      sourceConfiguration: {
        codeRepository: {
          codeConfiguration: { codeConfigurationValues: { runtimeEnvironmentVariables: HELD } },
        },
      },
    }),
    "a job": job({ containerProperties: JSON.stringify({ environment: LISTED }) }),
    "a job of ECS": job({
      ecsProperties: JSON.stringify({ taskProperties: [{ containers: [{ environment: LISTED }] }] }),
    }),
    "a job of many nodes": job({
      nodeProperties: JSON.stringify({ nodeRangeProperties: [{ container: { environment: LISTED } }] }),
    }),
    "a job on EKS": job({ eksProperties: { podProperties: { containers: [{ envs: LISTED }] } } }),
    "a training": put("training", "aws:sagemaker/trainingJob:TrainingJob", {
      enableNetworkIsolation: true,
      environment: HELD,
    }),
  },
  partial: { "one of two containers": model({ environment: { LEVEL: "info" } }, { environment: HELD }) },
  wrongType: { "a number, which AWS takes as a text": service({ DB_PASSWORD: 12345678 }) },
  notJudged: { "no JSON": job({ containerProperties: "API_TOKEN=0123456789abcdef" }) },
  unknown: {
    variables: service(UNKNOWN),
    value: service({ API_TOKEN: UNKNOWN }),
    container: job({ containerProperties: UNKNOWN }),
  },
});
