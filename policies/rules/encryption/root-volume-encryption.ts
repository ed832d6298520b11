import type { Field } from "../../model/field";
import { inputRule, type Problem } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

/** What images call their root device; each may have a name of its own. */
const ROOT_NAMES = new Set(["/dev/xvda", "/dev/xvda1", "/dev/sda", "/dev/sda1", "xvda", "sda1"]);

/**
 * A launch template lists its root volume among the others, by the name that the image has for it.
 * @throws UnknownRead
 */
function unlistedRoot(mappings: readonly Field[]): Problem {
  const onDisk = mappings.filter((mapping) => mapping.get("ebs").exists());
  const isRoot = (name: Field): boolean => !name.isUnknown && ROOT_NAMES.has(name.string() ?? "");
  const names = onDisk.map((mapping) => mapping.get("deviceName"));
  if (names.some(isRoot)) return undefined;
  // One that is not known yet may be the root's: `value` refuses it.
  const others =
    names.map((name) => `\`${name.value() === undefined ? "unnamed" : name.show()}\``).join(", ") || "none";
  return {
    doubt: `has no disk of a usual root name, such as \`/dev/xvda\`, in \`blockDeviceMappings\` (${others}): whether its root volume is encrypted lies with the image.`,
  };
}

export const rootVolumeEncryption = inputRule(
  {
    id: "root-volume-encryption",
    title: "Machines state that their root volume is encrypted",
    severity: "medium",
    description:
      "Where no block device is given for it, the root volume is encrypted only if the image's snapshot or the account's default says so, which nobody sees here.",
    remediation:
      'blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }] // an instance: rootBlockDevice: { encrypted: true }',
    types: [
      "aws:ec2/launchTemplate:LaunchTemplate",
      "aws:ec2/instance:Instance",
      "aws:ec2/launchConfiguration:LaunchConfiguration",
      "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    ],
    controls: [],
  },
  (machine, { type }) => {
    const isTemplate = type.endsWith(":LaunchTemplate");
    const property = isTemplate ? "blockDeviceMappings" : "rootBlockDevice";
    const devices = oneOrMany(machine.get(property));
    if (devices.length === 0) return `must say in \`${property}\` that its root volume is encrypted.`;
    return isTemplate ? unlistedRoot(devices) : undefined;
  },
);
