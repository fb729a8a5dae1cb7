import type { SentByCode } from '../../kit/sent.ts'

/** How what is read compares with what a tool sends, over many migrations. */
export class Tally {
  /** Migrations that are read as they are sent. */
  exact = 0
  /** Migrations of which a part is reported as unread. */
  unread = 0
  /** Migrations that the tool refuses, or the server. */
  refused = 0
  /** Statements of those that are exact. */
  statements = 0
  /** Migrations without a report of anything unread that differ from what is sent, with the statements that differ. */
  readonly claimed: string[] = []
  readonly #tool: string
  readonly #reasons = new Map<string, number>()

  constructor(tool: string) {
    this.#tool = tool
  }

  compare(
    migration: string,
    sent: readonly string[] | null,
    read: Pick<SentByCode, 'sql' | 'unread'> | undefined,
    plainly: (statements: readonly string[]) => readonly string[],
  ): void {
    if (sent === null) this.refused++
    else if (!read || read.unread.length > 0) {
      this.unread++
      for (const each of read?.unread ?? []) this.#because(each.slice(each.lastIndexOf(': ') + 2))
    } else {
      const [real, ours] = [plainly(sent), plainly(read.sql)]
      if (real.length === ours.length && real.every((sql, i) => sql === ours[i])) {
        this.exact++
        this.statements += real.length
      } else
        this.claimed.push([migration, ...differing('sent', real, ours), ...differing('read', ours, real)].join('\n'))
    }
  }

  print(): void {
    const reasons = [...this.#reasons].sort((a, b) => b[1] - a[1]).slice(0, 8)
    const told = reasons.map(([why, count]) => `${count} × ${why}`).join('; ')
    console.log(
      `${this.#tool}: ${this.exact} exact (${this.statements} statements), ${this.claimed.length} claimed, ${this.unread} unread${told && ` (${told})`}, ${this.refused} refused by the tool or the server.`,
    )
  }

  #because(why: string): void {
    this.#reasons.set(why, (this.#reasons.get(why) ?? 0) + 1)
  }
}

function differing(who: string, own: readonly string[], other: readonly string[]): string[] {
  return own.flatMap((sql, i) => (sql === other[i] ? [] : [`  ${who} ${i + 1}: ${sql}`]))
}
