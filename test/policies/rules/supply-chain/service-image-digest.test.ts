import { serviceImageDigest } from "../../../../policies/rules/supply-chain/service-image-digest";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const REPOSITORY = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/serving/vllm";
const PINNED = `${REPOSITORY}@sha256:${"3c".repeat(32)}`;
const TAGGED = `${REPOSITORY}:latest`;

const model = (props: object) =>
  put("model", "aws:sagemaker/model:Model", { enableNetworkIsolation: true, ...props });
const task = (containerDefinitions: unknown) =>
  put("task", "aws:ecs/taskDefinition:TaskDefinition", { family: "a", containerDefinitions });
const job = (props: Record<string, unknown>) => put("job", "aws:batch/jobDefinition:JobDefinition", props);
const build = (image: unknown) => put("project", "aws:codebuild/project:Project", { environment: { image } });

describeRule(serviceImageDigest, {
  good: {
    "a model": model({ primaryContainer: { image: PINNED } }),
    "a model from a package": model({ primaryContainer: { modelPackageName: "whisper" } }),
    "a task": task(JSON.stringify([{ name: "a", image: PINNED }])),
    "CodeBuild's own": build("aws/codebuild/amazonlinux2-x86_64-standard:5.0"),
    "a service from code": put("service", "aws:apprunner/service:Service", {
      sourceConfiguration: { codeRepository: { repositoryUrl: "https://git.example/a.git" } },
    }),
  },
  bad: {
    "a model": model({ primaryContainer: { image: TAGGED } }),
    "a model without a tag": model({ primaryContainer: { image: REPOSITORY } }),
    "a training": put("training", "aws:sagemaker/trainingJob:TrainingJob", {
      enableNetworkIsolation: true,
      algorithmSpecification: { trainingImage: TAGGED },
    }),
    "a task": task(JSON.stringify([{ name: "a", image: TAGGED }])),
    "a job": job({ containerProperties: JSON.stringify({ image: TAGGED }) }),
    "a job on EKS": job({ eksProperties: { podProperties: { containers: [{ image: TAGGED }] } } }),
    "a service": put("service", "aws:apprunner/service:Service", {
      sourceConfiguration: { imageRepository: { imageIdentifier: TAGGED } },
    }),
    "a build": build(TAGGED),
  },
  partial: { "one of two": model({ containers: [{ image: PINNED }, { image: TAGGED }] }) },
  notJudged: { "no JSON": task("x"), "no text": model({ primaryContainer: { image: 7 } }) },
  unknown: {
    image: model({ primaryContainer: { image: UNKNOWN } }),
    containers: task(UNKNOWN),
  },
});
