import type { Severity } from '../../migration/severity.ts'
import type { Effect } from '../../postgres/effect.ts'
import { declaredSizes } from '../advice/effects.ts'
import { quoted } from '../advice/sql.ts'
import { isTable } from '../advice/strongest-lock.ts'
import { type Config, defaultConfig } from '../config/config.ts'
import { findingSeverity, settings } from '../config/severity.ts'
import type { Registry } from '../registry.ts'
import type { Report, ReportedFinding } from '../report.ts'
import type { FindingSize } from './finding-size.ts'
import { duration, type Range, secondsFor } from './rates.ts'
import type { Statistics } from './statistics.ts'

/**
 * The report with the sizes of tables: a finding about work says how much it is and how long it takes, and where all of its tables are small,
 * it is a note. Severities never rise, and those that the configuration gives by name do not change, nor do tables that it names.
 */
export function withSizes(
  report: Report,
  { config, registry }: { readonly config: Config; readonly registry: Registry },
): Report {
  const { statistics } = config
  if (!statistics) return report
  const set = settings(config)
  const declared = declaredSizes(config)
  const findings = report.findings.map(finding => {
    const rule = registry.rules.find(({ id }) => id === finding.rule)
    if (!rule || (rule.category !== 'locking' && rule.category !== 'transaction')) return finding
    const size = sizeOf(finding, statistics, config, table => declared(table) !== undefined)
    if (size === null) return finding
    const isMild = size.isSmall && finding.severity !== 'note'
    const level = isMild ? findingSeverity(rule, set(rule, finding.path), 'note') : finding.severity
    return {
      ...finding,
      severity: level === 'off' ? finding.severity : level,
      message: `${finding.message} ${sentence(size)}`,
      size,
    }
  })
  const count = (severity: Severity) => findings.filter(finding => finding.severity === severity).length
  return {
    ...report,
    findings,
    summary: { ...report.summary, errors: count('error'), warnings: count('warning'), notes: count('note') },
  }
}

function sizeOf(
  { effects = [], works = effects, worksUnderLocks = [] }: ReportedFinding,
  statistics: Statistics,
  { smallTables }: Config,
  isNamed: (table: string) => boolean,
): FindingSize | null {
  const {
    rows: fewRows = defaultConfig.smallTables.rows ?? 0,
    bytes: fewBytes = defaultConfig.smallTables.bytes ?? 0,
  } = smallTables
  const working = works.filter(effect => isTable(effect) && effect.work !== 'none')
  const known = working.flatMap(effect => {
    const size = statistics.of(effect.relation)
    return size ? [{ effect, size }] : []
  })
  const isFew = ({ relation }: Effect) => {
    const { rows = null, bytes = Number.POSITIVE_INFINITY } = statistics.of(relation) ?? {}
    return !isNamed(relation) && rows !== null && rows < fewRows && bytes < fewBytes
  }
  if (known.length === 0) return null
  const times = known.map(({ effect, size }) => secondsFor(isWritten(effect) ? 'write' : effect.work, size))
  const isSmall = !statistics.isOld && worksUnderLocks !== null && [...working, ...worksUnderLocks].every(isFew)
  return {
    tables: known
      .map(({ effect: { relation: name }, size: { rows, bytes, writesPerSecond } }) => ({
        name,
        rows,
        bytes,
        writesPerSecond,
      }))
      .sort((a, b) => b.bytes - a.bytes),
    seconds: times.reduce<Range>(([a, b], [least, most]) => [a + least, b + most], [0, 0]),
    isSmall,
  }
}

/** INSERT, UPDATE and DELETE take this lock on what they write, and weaker ones on what they only read. */
function isWritten({ lock, work }: Effect): boolean {
  return lock === 'RowExclusiveLock' && work === 'scan'
}

const tablesShown = 2

/** `"orders" has 48 M rows, 12 GB: about 4 to 9 minutes.` */
function sentence({ tables, seconds, isSmall }: FindingSize): string {
  const shown = tables
    .slice(0, tablesShown)
    .map(({ name, rows, bytes }) => `${quoted(name)} has ${amount(rows, bytes)}`)
  const rest = tables.length - shown.length
  const all = [...shown, ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'table' : 'tables'} are smaller`] : [])].join(
    ', ',
  )
  return isSmall ? `${all}, which is small.` : `${all}: ${duration(seconds)}.`
}

/** `48 M rows, 12 GB`; without rows if these are not known. */
function amount(rows: number | null, bytes: number): string {
  return [...(rows === null ? [] : [`${inShort(rows)} ${rows === 1 ? 'row' : 'rows'}`]), inBytes(bytes)].join(', ')
}

/** `312`, `48 k`, `1.2 M`: two digits, because it is an estimate. */
function inShort(count: number): string {
  const units: readonly (readonly [number, string])[] = [
    [1e9, ' G'],
    [1e6, ' M'],
    [1e4, ' k'],
  ]
  const unit = units.find(([least]) => count >= least)
  if (!unit) return String(Math.round(count))
  return `${rounded(count / (unit[0] === 1e4 ? 1e3 : unit[0]))}${unit[1]}`
}

function inBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']
  let [value, at] = [bytes, 0]
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000
    at++
  }
  return `${rounded(value)} ${units[at]}`
}

/** `1.2`, `48`, `312` */
function rounded(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
}
