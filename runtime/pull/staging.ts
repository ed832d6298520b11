import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A dot name: neither a server nor `ls` takes it for a model. */
const PREFIX = ".pull-";
const PARTIAL = ".partial";

/** A pull that lives touches its folder this often, in milliseconds… */
const HEARTBEAT_MS = 1_000;
/** …and one that has not for so long is dead: killed, or its machine is gone. */
const DEAD_AFTER_MS = 10_000;

/**
 * Where a pull gathers files before they are placed: a folder inside the repository, because renames cross no volumes.
 * What a dead pull left behind is taken over, so that a download goes on where it ended and no folder stays for ever.
 */
export class Staging {
  /** For the model's files. */
  readonly content: string;
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(
    readonly repository: string,
    readonly dir: string,
  ) {
    this.content = join(dir, "content");
    this.heartbeat = setInterval(() => void touch(dir, new Date()), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  static async open(repository: string): Promise<Staging> {
    await mkdir(repository, { recursive: true });
    const staging = new Staging(repository, await mkdtemp(join(repository, PREFIX)));
    await mkdir(staging.content);
    for (const other of await staging.others()) if (await isDead(other)) await staging.takeOver(other);
    return staging;
  }

  /** Where entries are kept that give way to new ones, by model, until the new ones are in place. */
  replaced(model: string): string {
    return join(this.dir, "replaced", model);
  }

  /**
   * The file that a download goes to.
   * @param key names the very content, e.g. its digest: a file that an earlier pull began is gone on with.
   */
  async partial(key: string): Promise<string> {
    const name = `${key}${PARTIAL}`;
    const own = join(this.dir, name);
    for (const other of await this.others()) {
      if (await exists(own)) break;
      if ((await exists(join(other, name))) && (await diesSoon(other))) await this.takeOver(other);
    }
    return own;
  }

  /** @param keep whether what was downloaded so far is left for the next pull */
  async close(keep: boolean): Promise<void> {
    clearInterval(this.heartbeat);
    const names = await readdir(this.dir).catch(() => []);
    const partials = keep ? names.filter((name) => name.endsWith(PARTIAL)) : [];
    if (partials.length === 0) return rm(this.dir, { recursive: true, force: true });
    for (const name of names) {
      if (!partials.includes(name)) await rm(join(this.dir, name), { recursive: true, force: true });
    }
    // Dead at once: the next pull need not wait.
    await touch(this.dir, new Date(0));
  }

  private async others(): Promise<string[]> {
    const names = await readdir(this.repository);
    return names
      .map((name) => join(this.repository, name))
      .filter((path) => path.includes(`/${PREFIX}`) && path !== this.dir);
  }

  private async takeOver(other: string): Promise<void> {
    const taken = await mkdtemp(join(this.dir, "taken-"));
    try {
      // One of several pulls that try gets it. A directory may take the place of an empty one.
      await rename(other, taken);
    } catch {
      return;
    }
    await this.restore(join(taken, "replaced"));
    for (const name of await readdir(taken)) {
      if (name.endsWith(PARTIAL)) await rename(join(taken, name), join(this.dir, name));
    }
    await rm(taken, { recursive: true, force: true });
  }

  /** Puts back what the other pull had moved away when it died before its own entry was in place. */
  private async restore(replaced: string): Promise<void> {
    for (const model of await readdir(replaced).catch(() => [])) {
      for (const entry of await readdir(join(replaced, model))) {
        const place = join(this.repository, model, entry);
        if (!(await exists(place))) await rename(join(replaced, model, entry), place);
      }
    }
  }
}

async function isDead(dir: string): Promise<boolean> {
  const { mtimeMs } = await stat(dir).catch(() => ({ mtimeMs: Infinity }));
  return Date.now() - mtimeMs >= DEAD_AFTER_MS;
}

/** Whether nobody touches a folder until it counts as dead; false as soon as it shows life, or is gone. */
async function diesSoon(dir: string): Promise<boolean> {
  const first = await stat(dir).catch(() => undefined);
  while (first) {
    if (await isDead(dir)) return true;
    await delay(HEARTBEAT_MS / 2);
    const now = await stat(dir).catch(() => undefined);
    if (now?.mtimeMs !== first.mtimeMs) return false;
  }
  return false;
}

function touch(dir: string, time: Date): Promise<void> {
  return utimes(dir, time, time).catch(() => undefined);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
