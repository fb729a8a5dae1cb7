import type { Done, Failed } from './worker.ts'

interface Row {
  inputs: number
  findings: number
  failures: number
}

/** The results of a run so far. */
export class Results {
  readonly #rows = new Map<string, Row>()
  readonly #failed = new Map<string, Failed & { times: number }>()
  readonly #slow: Done['slow'][number][] = []

  add(done: Done | null): void {
    for (const [kind, { inputs, findings }] of Object.entries(done?.tallies ?? {})) {
      const row = this.#row(kind)
      row.inputs += inputs
      row.findings += findings
    }
    for (const failed of done?.failed ?? []) {
      this.#row(failed.kind).failures++
      const known = this.#failed.get(failed.failure.signature)
      if (known) known.times++
      else this.#failed.set(failed.failure.signature, { ...failed, times: 1 })
    }
    this.#slow.push(...(done?.slow ?? []))
  }

  /** One failure of each sort, in the order of their first appearance. */
  distinct(): readonly (Failed & { readonly times: number })[] {
    return [...this.#failed.values()]
  }

  /** The figures so far, and the first input of each sort of failure. */
  line(seconds: number): string {
    const inputs = [...this.#rows.values()].reduce((sum, row) => sum + row.inputs, 0)
    const failures = this.distinct().map(
      ({ number, failure, times }) => `  ${times} times, first by input ${number}: ${failure.signature}`,
    )
    const head = `${inputs} inputs, ${(inputs / seconds).toFixed(0)} a second, ${failures.length} sorts of failures`
    return [head, ...failures].join('\n')
  }

  /** Kinds and their figures, and the slowest inputs. */
  table(seconds: number): string {
    const rows = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1))
    const sum = (figure: keyof Row) => rows.reduce((total, [, row]) => total + row[figure], 0)
    const all: [string, Row] = ['all', { inputs: sum('inputs'), findings: sum('findings'), failures: sum('failures') }]
    const lines = [...rows, all].map(([kind, { inputs, findings, failures }]) => line(kind, inputs, findings, failures))
    const slowest = [...this.#slow].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 10)
    const slow = slowest.map(
      ({ number, kind, size, milliseconds }) =>
        `  input ${number} (${kind}, ${size} characters): ${(milliseconds / 1000).toFixed(1)} s`,
    )
    return [
      line('kind', 'inputs', 'findings', 'failures'),
      ...lines,
      `${all[1].inputs} inputs in ${seconds.toFixed(0)} s: ${(all[1].inputs / seconds).toFixed(0)} a second.`,
      `Slow inputs: ${this.#slow.length}${slow.length > 0 ? `, the slowest:\n${slow.join('\n')}` : ''}`,
    ].join('\n')
  }

  #row(kind: string): Row {
    const row = this.#rows.get(kind) ?? { inputs: 0, findings: 0, failures: 0 }
    this.#rows.set(kind, row)
    return row
  }
}

function line(kind: string, ...figures: readonly (string | number)[]): string {
  return kind.padEnd(20) + figures.map(figure => String(figure).padStart(10)).join('')
}
