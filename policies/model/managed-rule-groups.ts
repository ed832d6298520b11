const suffixed = (name: string, ...parts: readonly string[]): string[] =>
  parts.map((part) => `${name}_${part}`);

/**
 * The rules of the groups that AWS manages and many use, from the developer guide of AWS WAF. AWS adds rules now and then: a
 * group is told here by those that it has had for long.
 */
export const MANAGED_RULE_GROUPS: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesCommonRuleSet: [
    "NoUserAgent_HEADER",
    "UserAgent_BadBots_HEADER",
    ...suffixed("SizeRestrictions", "QUERYSTRING", "Cookie_HEADER", "BODY", "URIPATH"),
    ...suffixed("EC2MetaDataSSRF", "BODY", "COOKIE", "URIPATH", "QUERYARGUMENTS"),
    ...suffixed("GenericLFI", "QUERYARGUMENTS", "URIPATH", "BODY"),
    ...suffixed("RestrictedExtensions", "URIPATH", "QUERYARGUMENTS"),
    ...suffixed("GenericRFI", "QUERYARGUMENTS", "BODY", "URIPATH"),
    ...suffixed("CrossSiteScripting", "COOKIE", "QUERYARGUMENTS", "BODY", "URIPATH"),
  ],
  AWSManagedRulesAdminProtectionRuleSet: ["AdminProtection_URIPATH"],
  AWSManagedRulesKnownBadInputsRuleSet: [
    ...suffixed("JavaDeserializationRCE", "HEADER", "BODY", "URIPATH", "QUERYSTRING"),
    "Host_localhost_HEADER",
    "PROPFIND_METHOD",
    "ExploitablePaths_URIPATH",
    ...suffixed("Log4JRCE", "HEADER", "QUERYSTRING", "BODY", "URIPATH"),
  ],
  AWSManagedRulesSQLiRuleSet: [
    ...suffixed("SQLi", "QUERYARGUMENTS", "BODY", "COOKIE", "URIPATH"),
    ...suffixed("SQLiExtendedPatterns", "QUERYARGUMENTS", "BODY"),
  ],
  AWSManagedRulesLinuxRuleSet: suffixed("LFI", "URIPATH", "QUERYSTRING", "HEADER"),
  AWSManagedRulesUnixRuleSet: suffixed("UNIXShellCommandsVariables", "QUERYSTRING", "BODY"),
  AWSManagedRulesPHPRuleSet: suffixed("PHPHighRiskMethodsVariables", "HEADER", "QUERYSTRING", "BODY"),
  AWSManagedRulesWordPressRuleSet: [
    "WordPressExploitableCommands_QUERYSTRING",
    "WordPressExploitablePaths_URIPATH",
  ],
  AWSManagedRulesAmazonIpReputationList: ["AWSManagedIPReputationList", "AWSManagedReconnaissanceList"],
  AWSManagedRulesAnonymousIpList: ["AnonymousIPList", "HostingProviderIPList"],
};
