import { describeSubject, type Subject } from "./subject";
import { UnknownRead } from "./unknown";

/** `fail`: the rule is broken. `indeterminate`: that cannot be known before the update. */
export interface Finding {
  readonly state: "fail" | "indeterminate";
  readonly urn: string;
  readonly message: string;
}

/** Collects what one rule finds. No finding at all means that the rule holds. */
export class Verdict {
  readonly findings: Finding[] = [];

  /** @param problem continues a sentence that begins with the subject: "must not use the host network." */
  fail(subject: Subject, problem: string): void {
    this.add("fail", subject, problem);
  }

  indeterminate(subject: Subject, problem: string): void {
    this.add("indeterminate", subject, problem);
  }

  /**
   * Runs one judgement about a subject; an unknown value that it needs makes this judgement, and no other,
   * indeterminate.
   */
  judge(subject: Subject, judgement: () => void): void {
    try {
      judgement();
    } catch (error) {
      if (!(error instanceof UnknownRead)) throw error;
      this.indeterminate(subject, `cannot be judged: ${error.message}.`);
    }
  }

  private add(state: Finding["state"], subject: Subject, problem: string): void {
    this.findings.push({ state, urn: subject.urn, message: `${describeSubject(subject)} ${problem}` });
  }
}
