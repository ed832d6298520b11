import { kubernetesControls } from "../../model/aws-controls";
import { grants, roleRule } from "../../model/rbac";

export const rbacCertificateApproval = roleRule(
  {
    id: "rbac-certificate-approval",
    title: "Roles do not approve certificate signing requests",
    severity: "high",
    description: "Who approves requests can have the cluster sign a certificate of any user or node.",
    remediation:
      'rules: [{ apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"], verbs: ["get", "list", "watch"] }]',
    controls: [...kubernetesControls("rbac_minimize_csr_approval_access")],
  },
  (entry) => {
    const approving = grants(entry, "certificatesigningrequests/approval", ["update", "patch"]);
    const signing = grants(entry, "signers", ["approve", "sign"]);
    return approving || signing ? "must not approve or sign certificate requests." : undefined;
  },
);
