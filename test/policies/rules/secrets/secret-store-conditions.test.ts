import { secretStoreConditions } from "../../../../policies/rules/secrets/secret-store-conditions";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const account = { name: "reader", namespace: "team" };

const vault = (serviceAccountRef: unknown) => ({
  vault: { server: "https://vault.example", path: "team", auth: { kubernetes: { serviceAccountRef } } },
});

const store = (more: Record<string, unknown>) =>
  put("store", "kubernetes:external-secrets.io/v1:ClusterSecretStore", {
    metadata: { name: "vault" },
    spec: { provider: vault(account), ...more },
  });

const copies = (spec: unknown) =>
  put("copies", "kubernetes:external-secrets.io/v1:ClusterExternalSecret", {
    metadata: { name: "registry" },
    spec,
  });

describeRule(secretStoreConditions, {
  good: {
    namespaces: store({ conditions: [{ namespaces: ["team"] }] }),
    "by their labels": store({
      conditions: [{ namespaceSelector: { matchLabels: { secrets: "team" } } }],
    }),
    "by their names' beginning": store({ conditions: [{ namespaceRegexes: ["^team-.*$"] }] }),
    "with the identity of each namespace": store({ provider: vault({ name: "reader" }) }),
    "for tests": store({ provider: { fake: { data: [] } } }),
    "copies for labelled namespaces": copies({
      namespaceSelectors: [{ matchLabels: { registry: "yes" } }],
    }),
  },
  bad: {
    none: store({}),
    "an empty list": store({ conditions: [] }),
    "every namespace": store({ conditions: [{ namespaceSelector: {} }] }),
    "every name": store({ conditions: [{ namespaceRegexes: [".*"] }] }),
    "at an address not known yet": store({
      provider: { vault: { server: UNKNOWN, auth: { tokenSecretRef: { ...account, key: "token" } } } },
    }),
    "the secrets of one namespace": store({
      provider: { azurekv: { authSecretRef: { clientId: account, clientSecret: account } } },
    }),
    "the node's identity": store({ provider: { aws: { service: "SecretsManager", region: "eu-west-1" } } }),
    "copies for all": copies({ namespaceSelector: {} }),
  },
  partial: {
    "one condition of two": store({ conditions: [{ namespaces: ["team"] }, { namespaceSelector: {} }] }),
  },
  wrongType: { "a text": store({ conditions: "team" }) },
  unknown: {
    conditions: store({ conditions: UNKNOWN }),
    expressions: store({ conditions: [{ namespaceRegexes: UNKNOWN }] }),
    identity: store({ provider: { aws: { role: UNKNOWN } } }),
    selector: copies({ namespaceSelector: UNKNOWN }),
  },
});
