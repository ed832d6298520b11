import type { Account, BatchItem } from "./batch-item";
import { TaggedQueue } from "./tagged-queue";

/**
 * The items of one level of priority. Clients share it fairly in rows (start-time fair queueing, Goyal 1996): an item's
 * tag counts the rows of its client that go before it, starting where the level is now, and the lowest tag is served
 * first. A client with a long queue thus waits behind its own items only, and a single client has plain first in, first
 * out. Items are grouped by key; the group whose first item has the lowest tag is next.
 */
export class PriorityLevel<Item extends BatchItem> {
  private readonly groups = new Map<string, TaggedQueue<Item>>();
  private readonly accounts = new Map<string, Account>();
  /** The client that came last: mostly it comes again. */
  private recent: Account | undefined;
  private heaviest: Account | undefined;
  /** Tag of the item that was served last. */
  private now = 0;
  private count = 0;
  private arrivals = 0;

  get length(): number {
    return this.count;
  }

  push(item: Item): void {
    const account = this.accountOf(item.client);
    item.account = account;
    item.tag = Math.max(this.now, account.next);
    item.order = this.arrivals++;
    account.next = item.tag + item.rows;
    account.waiting++;
    if (this.heaviest === undefined || account.waiting > this.heaviest.waiting) this.heaviest = account;
    this.count++;
    this.groupOf(item.key).push(item);
  }

  /** Puts an item back that was taken: it goes before those that came after it. */
  putBack(item: Item): void {
    const account = this.accountOf(item.client);
    item.account = account;
    item.tag = Math.min(item.tag, this.now);
    account.waiting++;
    this.count++;
    this.groupOf(item.key).push(item);
  }

  /** The item to be served next, of those whose group passes. */
  peek(passes?: (key: string, head: Item) => boolean): Item | undefined {
    let best: Item | undefined;
    for (const [key, group] of this.groups) {
      const head = group.peek()!;
      if (best && (best.tag < head.tag || (best.tag === head.tag && best.order < head.order))) continue;
      if (!passes || passes(key, head)) best = head;
    }
    return best;
  }

  /** The next item of a group. */
  peekIn(key: string): Item | undefined {
    return this.groups.get(key)?.peek();
  }

  pop(key: string): Item | undefined {
    const group = this.groups.get(key);
    const item = group?.pop();
    if (!item) return undefined;
    if (group!.length === 0) this.groups.delete(key);
    if (item.tag > this.now) this.now = item.tag;
    this.leave(item);
    return item;
  }

  rowsOf(key: string): number {
    return this.groups.get(key)?.rows ?? 0;
  }

  /** The client with the most items, as far as is known without counting, and how many it has. */
  heaviestAccount(): Account | undefined {
    const known = this.heaviest;
    // Its items may have been served meanwhile; nobody has fewer than the average when it has the most.
    if (known && known.waiting * this.accounts.size >= this.count) return known;
    let most: Account | undefined;
    for (const account of this.accounts.values()) if (!most || account.waiting > most.waiting) most = account;
    return (this.heaviest = most);
  }

  waitingOf(client: string): number {
    return this.accounts.get(client)?.waiting ?? 0;
  }

  /** Takes out the last item of a client, whose place another one needs. */
  popLastOf(account: Account): Item | undefined {
    for (const [key, group] of this.groups) {
      const item = group.popLast((candidate) => candidate.account === account);
      if (!item) continue;
      if (group.length === 0) this.groups.delete(key);
      account.next -= item.rows;
      this.leave(item);
      return item;
    }
    return undefined;
  }

  /** Takes out every item that does not pass. */
  keep(passes: (item: Item) => boolean): void {
    for (const [key, group] of [...this.groups]) {
      group.keep((item) => {
        const kept = passes(item);
        if (!kept) this.leave(item);
        return kept;
      });
      if (group.length === 0) this.groups.delete(key);
    }
  }

  private leave(item: Item): void {
    this.count--;
    item.account!.waiting--;
    item.account = undefined;
    if (this.count > 0) return;
    // Nobody waits, so nobody is owed anything.
    this.accounts.clear();
    this.recent = this.heaviest = undefined;
    this.now = 0;
  }

  private accountOf(client: string): Account {
    if (this.recent?.client === client) return this.recent;
    let account = this.accounts.get(client);
    if (!account) {
      if (this.accounts.size > 2 * this.count + 16) this.forget();
      account = { client, next: 0, waiting: 0 };
      this.accounts.set(client, account);
    }
    return (this.recent = account);
  }

  /** Drops the accounts of clients that have had all they are due. */
  private forget(): void {
    for (const [client, { next, waiting }] of this.accounts) {
      if (waiting === 0 && next <= this.now) this.accounts.delete(client);
    }
  }

  private groupOf(key: string): TaggedQueue<Item> {
    let group = this.groups.get(key);
    if (!group) this.groups.set(key, (group = new TaggedQueue()));
    return group;
  }
}
