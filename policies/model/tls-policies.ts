// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
const MODERN = /^ELBSecurityPolicy-(?:TLS13-1-[23]-|TLS-1-2-|FS-1-2-)/;

/** Whether a security policy of Elastic Load Balancing accepts TLS 1.2 and 1.3 only. */
export function isModernTlsPolicy(name: string): boolean {
  return MODERN.test(name);
}
