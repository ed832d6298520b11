import type { StackRule } from "../../model/rule";

const TYPES = ["aws:iam/userLoginProfile:UserLoginProfile"];

export const iamUserLoginProfile: StackRule = {
  id: "iam-user-login-profile",
  title: "People sign in through a directory, not as IAM users",
  severity: "low",
  description:
    "A user with a password for the console is forgotten when somebody leaves, and asks for no second factor by itself.",
  remediation:
    '// People come from IAM Identity Center:\nnew aws.ssoadmin.AccountAssignment(name, { instanceArn, permissionSetArn, principalId, principalType: "GROUP", targetId, targetType: "AWS_ACCOUNT" })',
  types: TYPES,
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    for (const profile of stack.ofTypes(TYPES)) {
      verdict.judge(profile, () => {
        const user = profile.fields.get("user");
        verdict.fail(
          profile,
          `must not give the user \`${user.string() ?? user.show()}\` a password for the console.`,
        );
      });
    }
  },
};
