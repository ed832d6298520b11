import { advisory, type CatalogEntry, mandatory } from "./entry";
import { configMapPlaintextSecret } from "../rules/secrets/config-map-plaintext-secret";
import { containerPlaintextSecret } from "../rules/secrets/container-plaintext-secret";
import { containerSecretEnvironment } from "../rules/secrets/container-secret-environment";
import { serviceAccountTokenSecret } from "../rules/secrets/service-account-token-secret";
import { databaseWellKnownPassword } from "../rules/secrets/database-well-known-password";
import { helmDefaultCredentials } from "../rules/secrets/helm-default-credentials";
import { instanceUserDataSecret } from "../rules/secrets/instance-user-data-secret";
import { lambdaEnvironmentSecret } from "../rules/secrets/lambda-environment-secret";
import { taskPlaintextSecret } from "../rules/secrets/task-plaintext-secret";
import { helmLiteralCredentials } from "../rules/secrets/helm-literal-credentials";
import { routeHeaderCredential } from "../rules/secrets/route-header-credential";
import { secretServerTls } from "../rules/secrets/secret-server-tls";
import { secretStoreConditions } from "../rules/secrets/secret-store-conditions";
import { buildPlaintextSecret } from "../rules/secrets/build-plaintext-secret";
import { serviceVariableSecret } from "../rules/secrets/service-variable-secret";
import { repositoryUrlCredentials } from "../rules/secrets/repository-url-credentials";

/** Rules on credentials in plain sight. */
export const secrets: readonly CatalogEntry[] = [
  mandatory(configMapPlaintextSecret),
  mandatory(containerPlaintextSecret),
  advisory(containerSecretEnvironment),
  mandatory(serviceAccountTokenSecret),
  mandatory(databaseWellKnownPassword),
  mandatory(helmDefaultCredentials),
  mandatory(instanceUserDataSecret),
  mandatory(lambdaEnvironmentSecret),
  mandatory(taskPlaintextSecret),
  mandatory(helmLiteralCredentials),
  mandatory(routeHeaderCredential),
  mandatory(secretServerTls),
  advisory(secretStoreConditions),
  mandatory(buildPlaintextSecret),
  mandatory(serviceVariableSecret),
  mandatory(repositoryUrlCredentials),
];
