import { Field } from "./field";
import { documentOf } from "./iam-statements";

/** A variable of a container or a build: its value may come from elsewhere, which `kind` says where it can. */
export interface Variable {
  readonly name: Field;
  readonly value: Field;
  readonly kind?: Field;
}

/** Variables given as an object. @throws UnknownRead */
export function variableMap(variables: Field): Variable[] {
  return variables.entries().map(([key, value]) => ({ name: new Field(key), value }));
}

/** Variables given as a list. @throws UnknownRead */
export function variableList(variables: Field): Variable[] {
  return variables.items().map((variable) => ({
    name: variable.get("name"),
    value: variable.get("value"),
    kind: variable.get("type"),
  }));
}

/** The containers of a Batch job, in whichever way they are told. @throws UnknownRead */
function batchContainers(fields: Field): Field[] {
  return [
    documentOf(fields.get("containerProperties")),
    ...documentOf(fields.get("ecsProperties")).all(["taskProperties", "*", "containers", "*"]),
    ...documentOf(fields.get("nodeProperties")).all(["nodeRangeProperties", "*", "container"]),
    ...["containers", "initContainers"].flatMap((list) =>
      fields.get("eksProperties", "podProperties", list).items(),
    ),
  ];
}

/** @throws UnknownRead */
function modelContainers(fields: Field): Field[] {
  return [fields.get("primaryContainer"), ...fields.get("containers").items()];
}

interface Service {
  /** Places of images; one that names none is none. @throws UnknownRead */
  readonly images: (fields: Field) => Field[];
  /** Variables in plain text. @throws UnknownRead */
  readonly variables: (fields: Field) => Variable[];
}

/** Services of AWS that run containers, beside Lambda and EKS, by the type of the resource that describes them. */
export const CONTAINER_SERVICES: Readonly<Record<string, Service>> = {
  "aws:ecs/taskDefinition:TaskDefinition": {
    images: (fields) => documentOf(fields.get("containerDefinitions")).all(["*", "image"]),
    variables: (fields) =>
      documentOf(fields.get("containerDefinitions")).all(["*", "environment"]).flatMap(variableList),
  },
  "aws:batch/jobDefinition:JobDefinition": {
    images: (fields) => batchContainers(fields).map((container) => container.get("image")),
    variables: (fields) =>
      batchContainers(fields).flatMap((container) => [
        ...variableList(container.get("environment")),
        ...variableList(container.get("envs")),
      ]),
  },
  "aws:apprunner/service:Service": {
    images: (fields) => [fields.get("sourceConfiguration", "imageRepository", "imageIdentifier")],
    variables: (fields) =>
      [
        ["imageRepository", "imageConfiguration"],
        ["codeRepository", "codeConfiguration", "codeConfigurationValues"],
      ].flatMap((path) =>
        variableMap(fields.get("sourceConfiguration", ...path, "runtimeEnvironmentVariables")),
      ),
  },
  "aws:sagemaker/model:Model": {
    images: (fields) => modelContainers(fields).map((container) => container.get("image")),
    variables: (fields) =>
      modelContainers(fields).flatMap((container) => variableMap(container.get("environment"))),
  },
  "aws:sagemaker/trainingJob:TrainingJob": {
    images: (fields) => [fields.get("algorithmSpecification", "trainingImage")],
    variables: (fields) => variableMap(fields.get("environment")),
  },
};
