import { Command } from "commander";
import { requireSession } from "../local-session";
import { assertRunning } from "../up/running";

export function outputsCommand(): Command {
  return new Command("outputs")
    .description("say where the running local stack is")
    .option("--json", "machine-readable")
    .addHelpText("after", "\nExamples:\n  $ npx slipway outputs --json | jq -r .endpoint")
    .action(async (options: { json?: boolean }) => {
      const session = requireSession();
      await assertRunning();
      const { endpoint, caCertificate, kubeconfig, prometheus, alertmanager, models } = session;
      if (options.json) {
        const shown = { endpoint, caCertificate, kubeconfig, prometheus, alertmanager, models };
        console.log(JSON.stringify(shown, null, 2));
        return;
      }
      console.log(`endpoint        ${endpoint}`);
      console.log(`CA certificate  ${caCertificate}`);
      console.log(`kubeconfig      ${kubeconfig}`);
      if (prometheus) console.log(`Prometheus      ${prometheus}`);
      if (alertmanager) console.log(`Alertmanager    ${alertmanager}`);
      for (const { name, versions } of models)
        console.log(
          `model           ${name}, version${versions.length > 1 ? "s" : ""} ${versions.join(", ")}`,
        );
    });
}
