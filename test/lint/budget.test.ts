import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { Budget, type Clock, TimeOver } from '../../src/lint/budget.ts'
import type { Report } from '../../src/lint/report.ts'

/** A clock that stands still until the test moves it. */
function clockOf(): Clock & { time: number } {
  return {
    time: 0,
    now() {
      return this.time
    },
  }
}

const files = ['a', 'b', 'c'].map(path => ({ path }))

describe('a budget of time', () => {
  test('is for each file by itself, in all calls together', () => {
    const clock = clockOf()
    const budget = new Budget(clock, 1)
    const told: string[] = []
    const costs: Record<string, number> = { a: 400, b: 1001, c: 999 }
    const round = () =>
      budget.each(
        'read',
        files,
        () => 0,
        ({ path }) => {
          clock.time += costs[path] ?? 0
          budget.check()
          told.push(path)
        },
        ({ path }) => told.push(`${path} is given up`),
      )
    round()
    expect(told.splice(0)).toEqual(['a', 'b is given up', 'c'])
    round()
    expect(told.splice(0)).toEqual(['a', 'b is given up', 'c is given up'])
    round()
    expect(told.splice(0)).toEqual(['a is given up', 'b is given up', 'c is given up'])
  })

  test('is larger for large files', () => {
    const clock = clockOf()
    const budget = new Budget(clock, 1)
    const told: string[] = []
    const work = ({ path }: { path: string }) => {
      clock.time += 2500
      budget.check()
      told.push(path)
    }
    budget.each(
      'read',
      files,
      ({ path }) => (path === 'b' ? 1_000_000 : 0),
      work,
      ({ path }) => told.push(`not ${path}`),
    )
    expect(told).toEqual(['not a', 'b', 'not c'])
  })

  test('is unlimited without a clock, or if the configuration says so', () => {
    for (const budget of [new Budget(null, 1), new Budget(clockOf(), null)]) {
      const told: string[] = []
      budget.each(
        'read',
        files,
        () => 0,
        ({ path }) => told.push(path),
        () => told.push('given up'),
      )
      expect(told).toEqual(['a', 'b', 'c'])
    }
  })

  test('interrupted work is given up when its time is over, and otherwise begins again', () => {
    const clock = clockOf()
    let stops = 0
    const forced = {
      ...clock,
      stopped(work: () => void) {
        stops++
        try {
          work()
          return false
        } catch (error) {
          if (error === 'stopped') return true
          throw error
        }
      },
    }
    const budget = new Budget(forced, 1)
    const told: string[] = []
    let tries = 0
    budget.each(
      'read',
      files,
      () => 0,
      ({ path }) => {
        if (path === 'b') {
          forced.time += 400
          tries++
          throw 'stopped'
        }
        told.push(path)
      },
      ({ path }) => told.push(`${path} is given up`),
    )
    expect([told, tries]).toEqual([['a', 'b is given up', 'c'], 3])
    expect(stops).toBe(4)
  })

  test('other errors are thrown, and the next call goes on from there', () => {
    const budget = new Budget(clockOf(), 1)
    const turn = { next: 0 }
    const told: string[] = []
    let isFirst = true
    const work = ({ path }: { path: string }) => {
      if (path === 'b' && isFirst) {
        isFirst = false
        throw new Error('lost')
      }
      told.push(path)
    }
    const go = () =>
      budget.each(
        'read',
        files,
        () => 0,
        work,
        () => {},
        turn,
      )
    expect(go).toThrow('lost')
    go()
    expect(told).toEqual(['a', 'b', 'c'])
  })
})

describe('lint', () => {
  const migrations = [
    { path: '1.sql', content: 'CREATE TABLE t (id int);\n' },
    { path: '2.sql', content: 'SELECT 1;\n'.repeat(500) },
    { path: '3.sql', content: 'DROP TABLE t;\n' },
  ]
  const run = (config = {}) => {
    let now = 0
    return lint({ migrations, clock: { now: () => now++ }, config })
  }
  const grave = ({ findings }: Report) => findings.filter(({ severity }) => severity !== 'note')

  test('gives up the file whose time is over, says so, and lints the others', async () => {
    const report = await run({ secondsPerFile: 0.4 })
    const { internalErrors, summary } = report
    const findings = grave(report)
    expect(internalErrors).toEqual([])
    expect(findings.map(({ rule, path, severity }) => [path, rule, severity])).toEqual([
      ['2.sql', 'beyond-limits', 'error'],
      ['3.sql', 'drop-table', 'error'],
    ])
    expect(findings[0]?.message).toBe('This was not checked: checking it takes more than 0.4 seconds.')
    expect(summary).toMatchObject({ migrations: 3, statements: 2, errors: 2 })
  })

  test('at any moment: while it is parsed, run on the model, or examined', async () => {
    for (const seconds of [0.1, 0.3, 0.45, 0.6, 0.8, 0.99, 1.5, 3, 10]) {
      const report = await run({ secondsPerFile: seconds })
      const findings = grave(report)
      expect(report.internalErrors).toEqual([])
      expect(findings.filter(({ path }) => path === '3.sql').map(({ rule }) => rule)).toEqual(['drop-table'])
      expect(findings.filter(({ path }) => path === '2.sql').length).toBeLessThanOrEqual(1)
    }
  })

  test('takes any time by default, and with null', async () => {
    expect(grave(await lint({ migrations })).map(({ rule }) => rule)).toEqual(['drop-table'])
    expect(grave(await run({ secondsPerFile: null })).map(({ rule }) => rule)).toEqual(['drop-table'])
  })

  test('TimeOver is not an internal error', () => {
    expect(new TimeOver('x').name).toBe('TimeOver')
  })
})
