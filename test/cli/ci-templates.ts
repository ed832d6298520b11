import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../toolchain/paths";

export interface Step {
  /** Where it stands: a job and a step. */
  name: string;
  /** What a shell gets. */
  command: string;
}

export interface Template {
  file: string;
  text: string;
  /** Every command, in the order in which the template runs them. */
  steps: Step[];
  /** Plain environment variables that the template sets. */
  env: Record<string, string>;
}

const read = (file: string) => readFileSync(join(projectRoot, "docs/ci", file), "utf8");

export interface GithubStep {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
  if?: string;
}

export interface GithubWorkflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<
    string,
    { permissions: Record<string, string>; env: Record<string, string>; steps: GithubStep[] }
  >;
}

export const githubWorkflow = (): GithubWorkflow => parse(read("github-actions.yml")) as GithubWorkflow;

export interface GitlabJob {
  stage: string;
  script: string[];
  variables?: Record<string, string>;
}

export const gitlabPipeline = (): Record<string, unknown> =>
  parse(read("gitlab-ci.yml")) as Record<string, unknown>;

function github(): Template {
  const { jobs } = githubWorkflow();
  const steps = Object.entries(jobs).flatMap(([job, { steps: list }]) =>
    list.flatMap(({ name, run }) => (run === undefined ? [] : [{ name: `${job}: ${name}`, command: run }])),
  );
  return { file: "github-actions.yml", text: read("github-actions.yml"), steps, env: jobs.preview!.env };
}

function gitlab(): Template {
  const pipeline = gitlabPipeline();
  const steps = (pipeline.stages as string[]).flatMap((stage) =>
    Object.entries(pipeline).flatMap(([job, value]) => {
      const { stage: own, script } = value as Partial<GitlabJob>;
      return own === stage ? (script ?? []).map((command) => ({ name: job, command })) : [];
    }),
  );
  const env = pipeline.variables as Record<string, string>;
  return { file: "gitlab-ci.yml", text: read("gitlab-ci.yml"), steps, env };
}

/** Only as much Groovy as the template has: `sh '…'` steps and plain assignments. */
function jenkins(): Template {
  const text = read("Jenkinsfile");
  const steps = [...text.matchAll(/stage\('([^']+)'\)|\bsh '([^']+)'/g)].reduce<{
    stage: string;
    steps: Step[];
  }>(
    (state, [, stage, command]) =>
      stage === undefined
        ? { ...state, steps: [...state.steps, { name: state.stage, command: command! }] }
        : { ...state, stage },
    { stage: "", steps: [] },
  ).steps;
  const env = Object.fromEntries(
    [...text.matchAll(/^ +([A-Z_]+) = '([^']*)'$/gm)].map(([, key, value]) => [key, value]),
  );
  return { file: "Jenkinsfile", text, steps, env };
}

export const ciTemplates = (): Template[] => [github(), gitlab(), jenkins()];

/** The words of a command that calls Slipway, after its name. */
export function slipwayWords({ command }: Step): string[] | undefined {
  const match = /^npx --no slipway (.+)$/.exec(command.trim());
  return match?.[1]!.split(/\s+/).map((word) => word.replace(/^"(.*)"$/, "$1"));
}
