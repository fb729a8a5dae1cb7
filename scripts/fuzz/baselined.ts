import { type Config, lint, registry } from '../../src/index.ts'
import {
  applyBaseline,
  type Baseline,
  type BaselineScope,
  prunedBaseline,
  updatedBaseline,
} from '../../src/lint/baseline/baseline.ts'
import { parseBaseline, printBaseline } from '../../src/lint/baseline/baseline-file.ts'
import { findRule } from '../../src/lint/registry.ts'
import type { Report } from '../../src/lint/report.ts'
import { severities } from '../../src/migration/severity.ts'
import { placeholder } from './generate/baseline.ts'
import type { Input } from './input.ts'
import { type Failure, failure } from './try.ts'

/** Lints the files and removes the findings that the given baseline accepts, as the command line does. */
export async function baselined(input: Input, config: Config, failures: Failure[]): Promise<Report> {
  const migrations = [...input.files].map(([path, content]) => ({ path, content }))
  const report = await lint({ migrations, config })
  const text = (input.given ?? '').replace(placeholder, (whole, what: 'path' | 'rule' | 'statement', index: string) => {
    return JSON.stringify(report.findings[Number(index)]?.[what] ?? whole).slice(1, -1)
  })
  const parsed = parseBaseline(text)
  if ('problem' in parsed) {
    if (/[\r\n]/.test(parsed.problem))
      failures.push(broken('what is wrong with a baseline is one line', parsed.problem))
    return report
  }
  const { baseline } = parsed
  const scope = scopeOf(report)
  const { report: rest, stale } = applyBaseline(report, baseline, scope)
  const expect = (holds: boolean, property: string, told: unknown) => {
    if (!holds) failures.push(broken(property, JSON.stringify(told)))
  }
  expect(
    rest.findings.length + rest.suppressed.length === report.findings.length + report.suppressed.length,
    'a baseline loses no finding, and adds none',
    baseline,
  )
  const pruned = prunedBaseline(baseline, stale, scope)
  const again = applyBaseline(report, pruned, scope)
  expect(again.stale.length === 0, 'nothing is stale in a baseline that was pruned', again.stale)
  expect(again.report.findings.length === rest.findings.length, 'a pruned baseline accepts as much', pruned)
  const updated = updatedBaseline(report, baseline, scope, new Set(severities))
  const whole = applyBaseline(report, updated, scope)
  expect(
    whole.report.findings.length === 0 && whole.stale.length === 0,
    'an updated baseline accepts just what is found',
    updated,
  )
  const read = parseBaseline(printBaseline(updated))
  expect('baseline' in read && same(read.baseline, updated), 'a baseline that was written is read as it was', updated)
  return rest
}

function scopeOf(report: Report): BaselineScope {
  const ran = new Set(report.rules.map(({ id }) => id))
  const ruleOf = (id: string) => findRule(registry, id)?.id ?? id
  return {
    pathOf: ({ path }) => path,
    ruleOf,
    covers: ({ rule }) => ran.has(ruleOf(rule)) || !findRule(registry, rule),
  }
}

/** In any order, because names that are numbers come first in JSON. */
function same(one: Baseline, other: Baseline): boolean {
  const sorted = (all: Baseline) =>
    all.map(({ path, rule, statement, count }) => JSON.stringify([path, rule, statement, count])).sort()
  return sorted(one).join('\n') === sorted(other).join('\n')
}

function broken(property: string, told: string): Failure {
  return failure(property, told.slice(0, 1000), property)
}
