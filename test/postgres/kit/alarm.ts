import { completeConfig } from '../../../src/lint/config/config-file.ts'
import { lint } from '../../../src/lint/lint.ts'
import type { Registry } from '../../../src/lint/registry.ts'
import type { Execution } from '../../../src/migration/execution.ts'
import { atLeast } from './at-least.ts'
import type { OracleCase, OracleResult } from './oracle.ts'

/** The findings about one case on one group of versions that behave alike. */
export interface Alarm {
  readonly id: string
  /** The newest of these versions. */
  readonly version: number
  /** The servers took a lock that writers wait for, on an existing table, and did work that grows with the data. */
  readonly dangerous: boolean
  /** Ids of the rules that reported an error about locks. */
  readonly errors: readonly string[]
}

const runner = {
  name: 'plain SQL',
  outsideTransaction: () => 'In a migration of its own, outside a transaction',
  laterMigration: () => 'In a later migration',
}

/**
 * Lints a measured case as a person would: the set-up is deployed, and the statements are a migration of their own. Cases that fail on the
 * server are left out, because they do not hold locks for long.
 */
export async function alarms(each: OracleCase, registry: Registry): Promise<Alarm[]> {
  const found: Alarm[] = []
  for (const { versions, result } of each.results) {
    const version = versions.at(-1)
    const failed =
      result.autocommitError ?? (result.method === 'autocommit' ? null : result.inTransaction?.startsWith('error'))
    if (version === undefined || result.setupError || failed) continue
    const config = completeConfig({ pgVersion: String(version) })
    const categories = new Map(registry.rules.map(rule => [rule.id, rule.category]))
    const execution: Execution = {
      inTransaction: result.method !== 'autocommit',
      singleMessage: false,
      spansFiles: false,
    }
    const prelude = 'SET search_path = app, public;\n'
    const session = each.session ? `${each.session};\n` : ''
    const { findings } = await lint({
      config,
      registry,
      migrations: [
        {
          kind: 'sql',
          path: '1.sql',
          content: `CREATE SCHEMA app;\n${prelude}${each.setup}`,
          execution: { ...execution, inTransaction: false },
          runner,
        },
        { kind: 'sql', path: '2.sql', content: `${prelude}${session}${each.sql}`, execution, runner },
      ],
      report: path => path === '2.sql',
    })
    const errors = findings.filter(({ rule, severity }) => severity === 'error' && categories.get(rule) === 'locking')
    found.push({
      id: each.id,
      version,
      dangerous: isDangerous(result),
      errors: [...new Set(errors.map(({ rule }) => rule))],
    })
  }
  return found
}

/** Nobody writes to a materialized view, but queries read it: only locks that block reads count there. */
function isDangerous({ locks = [], rewrites = [], indexRebuilds = [], scans = [] }: OracleResult): boolean {
  const blocked = locks.some(({ kind, lock }) =>
    kind === 'materialized view'
      ? lock === 'AccessExclusiveLock'
      : (kind === 'table' || kind === 'partitioned table') && atLeast(lock, 'ShareLock'),
  )
  return blocked && rewrites.length + indexRebuilds.length + scans.length > 0
}
