import type { Field } from "../../model/field";
import { conditionsOf, principalsOf, textsOf } from "../../model/iam-statements";
import { coversAction, trustRule } from "../../model/iam-policies";

const WEB_IDENTITY = "sts:assumerolewithwebidentity";

/** Subjects that leave nobody out: any, any repository, any service account. */
const ANYBODY = /^\*|^repo:\*|^project_path:\*|^organization:\*|^system:serviceaccount:\*/;

/** Providers with one issuer for the whole world, whose `aud` is the app's own. */
const APP_AUDIENCE =
  /^(?:cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)/;

function namesItsSubject(statement: Field): boolean {
  return conditionsOf(statement).some(({ operator, key, values }) => {
    if (/not|null/.test(operator) || values.length === 0) return false;
    const isAudience = /:(?:aud|app_id)$/.test(key) && APP_AUDIENCE.test(key);
    return (isAudience || key.endsWith(":sub")) && !values.some((value) => ANYBODY.test(value));
  });
}

export const iamRoleTrustFederated = trustRule(
  {
    id: "iam-role-trust-federated",
    title: "Roles for OIDC name the subject that may take them",
    severity: "high",
    description:
      "Without a condition on `sub` every repository of the provider, or every service account of the cluster, can take the role.",
    remediation:
      'Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com", "token.actions.githubusercontent.com:sub": "repo:org/app:ref:refs/heads/main" } }',
    controls: [],
  },
  (statement) => {
    const isFederated = principalsOf(statement).some(
      ({ kind, name }) => kind === "Federated" && !name.includes(":saml-provider/"),
    );
    const actions = textsOf(statement.get("Action")).map((action) => action.toLowerCase());
    if (!isFederated || !actions.some((action) => coversAction(action, WEB_IDENTITY))) return undefined;
    return namesItsSubject(statement)
      ? undefined
      : "must name who may take it in a condition on the provider's `sub`, without a wildcard for everybody.";
  },
);
