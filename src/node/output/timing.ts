import type { Phase, Watch } from '../../lint/watch.ts'
import { visible } from '../../report/visible.ts'

/** Parts of a run that are not about one migration. */
type Stage = 'find' | 'compare' | 'report'

const titles: Readonly<Record<Stage | Phase, string>> = {
  find: 'find the migrations',
  compare: 'compare them with git',
  read: 'read and parse them',
  model: 'run them on the model',
  rules: 'ask the rules',
  report: 'write the report',
}

/** How many rules and files are shown. */
const most = 10

/** Adds up the milliseconds that a run spends on each of its parts, each rule and each file. */
export class Timing implements Watch {
  readonly #parts: Stopwatch<Stage | Phase>
  readonly #rules: Stopwatch<string>
  readonly #files: Stopwatch<string>

  /** `now`: milliseconds since any moment. */
  constructor(now: () => number = () => performance.now()) {
    this.#parts = new Stopwatch(now)
    this.#rules = new Stopwatch(now)
    this.#files = new Stopwatch(now)
  }

  /** What follows belongs to this stage, until another one or a file begins; null: to nothing. */
  stage(stage: Stage | null): void {
    this.#parts.at(stage)
    this.#files.at(null)
  }

  file(phase: Phase, path: string): void {
    this.#parts.at(phase)
    this.#files.at(path)
  }

  rule(id: string | null): void {
    this.#rules.at(id)
  }

  /** The table for people. `display`: how a path is shown. */
  toString(display: (path: string) => string): string {
    this.stage(null)
    const parts = this.#parts.spent.map(([part, spent]) => [titles[part], spent] as const)
    const files = this.#files.slowest().map(([path, spent]) => [visible(display(path)), spent] as const)
    return [
      ...table('Time', parts, this.#parts.sum),
      ...table('Slowest rules', this.#rules.slowest(), this.#rules.sum),
      ...table('Slowest files', files, this.#files.sum),
    ].join('\n')
  }
}

/** Adds up time by name. It belongs to one name at a time. */
class Stopwatch<Name> {
  readonly #now: () => number
  readonly #spent = new Map<Name, number>()
  #name: Name | null = null
  #since = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Time from now on belongs to this name; null: to none. */
  at(name: Name | null): void {
    const now = this.#now()
    if (this.#name !== null) this.#spent.set(this.#name, (this.#spent.get(this.#name) ?? 0) + now - this.#since)
    this.#name = name
    this.#since = now
  }

  /** In the order in which they came up. */
  get spent(): readonly (readonly [Name, number])[] {
    return [...this.#spent]
  }

  get sum(): number {
    return this.spent.reduce((sum, [, spent]) => sum + spent, 0)
  }

  slowest(): readonly (readonly [Name, number])[] {
    return [...this.spent].sort(([, a], [, b]) => b - a).slice(0, most)
  }
}

function table(title: string, rows: readonly (readonly [string, number])[], sum: number): string[] {
  if (rows.length === 0) return []
  const share = (spent: number) => (sum === 0 ? 0 : Math.round((100 * spent) / sum))
  return [
    title,
    ...rows.map(([name, spent]) => {
      return `${spent.toFixed(0).padStart(8)} ms ${String(share(spent)).padStart(4)} %  ${name}`
    }),
  ]
}
