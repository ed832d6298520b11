import { amiEncryption } from "../../../../policies/rules/encryption/ami-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const COPY = "aws:ec2/amiCopy:AmiCopy";
const IMAGE = "aws:ec2/ami:Ami";

describeRule(amiEncryption, {
  good: {
    "an encrypted copy": put("image", COPY, { encrypted: true }),
    "encrypted devices": put("image", IMAGE, { ebsBlockDevices: [{ deviceName: "a", encrypted: true }] }),
  },
  bad: {
    "a plain copy": put("image", COPY, {}),
    "a plain device": put("image", IMAGE, { ebsBlockDevices: [{ deviceName: "a" }] }),
  },
  partial: {
    "one device of two": put("image", IMAGE, {
      ebsBlockDevices: [
        { deviceName: "a", encrypted: true },
        { deviceName: "b", encrypted: false },
      ],
    }),
    "beside one from a snapshot": put("image", IMAGE, {
      ebsBlockDevices: [{ deviceName: "a", snapshotId: "snap-1" }, { deviceName: "b" }],
    }),
  },
  wrongType: { "a word": put("image", COPY, { encrypted: "yes" }) },
  unknown: {
    "a device from a snapshot": put("image", IMAGE, {
      ebsBlockDevices: [{ deviceName: "a", snapshotId: "snap-1" }],
    }),
    switch: put("image", COPY, { encrypted: UNKNOWN }),
    devices: put("image", IMAGE, { ebsBlockDevices: UNKNOWN }),
  },
});
