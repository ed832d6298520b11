import { advisory, type CatalogEntry, mandatory } from "./entry";
import { backendTlsVerification } from "../rules/traffic/backend-tls-verification";
import { corsCredentials } from "../rules/traffic/cors-credentials";
import { gatewayListenerCertificate } from "../rules/traffic/gateway-listener-certificate";
import { gatewayListenerTls } from "../rules/traffic/gateway-listener-tls";
import { gatewayMinimumTlsVersion } from "../rules/traffic/gateway-minimum-tls-version";
import { ingressTls } from "../rules/traffic/ingress-tls";
import { routeBackendTls } from "../rules/traffic/route-backend-tls";
import { routeEffectiveAuthentication } from "../rules/traffic/route-effective-authentication";
import { tokenAudience } from "../rules/traffic/token-audience";
import { gatewayCipherSuites } from "../rules/traffic/gateway-cipher-suites";
import { certificateDuration } from "../rules/traffic/certificate-duration";
import { certificatePrivateKey } from "../rules/traffic/certificate-private-key";
import { ingressTlsRedirect } from "../rules/traffic/ingress-tls-redirect";
import { ingressSnippet } from "../rules/traffic/ingress-snippet";
import { tokenKeySource } from "../rules/traffic/token-key-source";
import { referenceGrantSecret } from "../rules/traffic/reference-grant-secret";
import { gatewayAllowedListeners } from "../rules/traffic/gateway-allowed-listeners";
import { gatewayAllowedRoutes } from "../rules/traffic/gateway-allowed-routes";
import { streamRoute } from "../rules/traffic/stream-route";
import { clientCertificateOptional } from "../rules/traffic/client-certificate-optional";
import { externalAuthorizationFailOpen } from "../rules/traffic/external-authorization-fail-open";
import { gatewayExtensionFailOpen } from "../rules/traffic/gateway-extension-fail-open";
import { attachmentExists } from "../rules/traffic/attachment-exists";

/** Rules on routes, listeners, certificates. */
export const traffic: readonly CatalogEntry[] = [
  mandatory(backendTlsVerification),
  mandatory(corsCredentials),
  mandatory(gatewayListenerCertificate),
  mandatory(gatewayListenerTls),
  mandatory(gatewayMinimumTlsVersion),
  mandatory(ingressTls),
  mandatory(routeBackendTls),
  mandatory(routeEffectiveAuthentication),
  mandatory(tokenAudience),
  mandatory(gatewayCipherSuites),
  mandatory(certificateDuration),
  mandatory(certificatePrivateKey),
  mandatory(ingressTlsRedirect),
  mandatory(ingressSnippet),
  mandatory(tokenKeySource),
  mandatory(referenceGrantSecret),
  advisory(gatewayAllowedListeners),
  advisory(gatewayAllowedRoutes),
  advisory(streamRoute),
  advisory(clientCertificateOptional),
  mandatory(externalAuthorizationFailOpen),
  advisory(gatewayExtensionFailOpen),
  advisory(attachmentExists),
];
