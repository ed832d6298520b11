const TYPE = /^([a-z][a-z0-9-]*\d[a-z0-9-]*)\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/;

/** Families of Graviton processors: a "g" comes first behind the generation, as in m7g, c6gn and is4gen. */
const GRAVITON = /^(a1|[a-z]+\d+g[a-z]*)$/;

/** Whether a text has the form of an EC2 instance type: `m7i.large`. */
export function isInstanceType(name: string): boolean {
  return TYPE.test(name);
}

/** Whether an instance type has an Arm processor, as far as its name tells. */
export function isArm(name: string): boolean {
  return GRAVITON.test(TYPE.exec(name)?.[1] ?? "");
}
