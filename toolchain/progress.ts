/** One piece of work that a person waits for. */
export interface Task {
  /** Says what is being waited for now; replaces the previous detail. */
  update(detail: string): void;
  /** Ends the task; the detail, where given, stays on screen beside the elapsed time. */
  done(detail?: string): void;
  fail(detail?: string): void;
}

/** How long-running code tells a person where it stands. Implementations live with whoever owns the screen. */
export interface Progress {
  /** Starts a task. Tasks may overlap. */
  start(title: string): Task;
  /** A line that stays, e.g. a warning. */
  note(line: string): void;
}

/** Runs `work` as a task of `progress`, ending it whichever way `work` ends. */
export async function withTask<T>(
  progress: Progress,
  title: string,
  work: (task: Task) => Promise<T>,
): Promise<T> {
  const task = progress.start(title);
  try {
    const result = await work(task);
    task.done();
    return result;
  } catch (error) {
    task.fail();
    throw error;
  }
}

/** Says nothing: for tests and machine-readable output. */
export const silent: Progress = {
  start: () => ({ update() {}, done() {}, fail() {} }),
  note() {},
};
