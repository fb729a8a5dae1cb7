import { lookUp } from '../../../src/parse/look-up.ts'
import { trackings } from '../../../src/systems/status/trackings.ts'
import type { Corpus, RecordedRow } from '../corpus.ts'
import type { Input } from '../input.ts'
import type { Random } from '../random.ts'
import { damaged, type Files } from './project.ts'
import { oddCharacter, oddName } from './words.ts'

const values = [
  ...['', '0', '-1', '1', '2', '20240101000000', '1.2.3', '9'.repeat(400), '1e999', 'NaN', 'true', 't', 'false', 'f'],
  ...['[', '[]', '[1]', '["x"]', '{', '{}', 'null', '{"migrations":null}', '{"migrations":{"default":{"1":true}}}'],
  ...['9:x', 'h1:x', '\\x00', '2026-01-01 00:00:00', 'infinity', '-infinity', '4713-01-01 00:00:00 BC'],
  ...['V1__x.sql', 'SQL', 'BASELINE', 'SCHEMA', 'UNDO_SQL', 'DELETE', 'EXECUTED', 'RERAN', 'MARK_RAN', '../../x.sql'],
] as const

/** A project, and rows of the table of its system: rows of a real tool with accidents, and others. */
export function trackedRows(random: Random, { projects, recorded }: Corpus): Omit<Input, 'kind'> {
  const tracked = projects.filter(({ name }) => Object.hasOwn(trackings, name))
  const project = random.pick(tracked)
  const whole: Files = new Map(project.files)
  const files = random.chance(60) ? whole : damaged(random, { ...noText, projects, recorded }, whole)
  const known = recorded.get(project.name) ?? []
  const columns = (lookUp(trackings, project.name) ?? []).flatMap(each => [...each.columns, ...(each.more ?? [])])
  const rows = random.chance(60) ? accidents(random, known) : random.some(0, 6, () => row(random, columns, known))
  return { as: 'rows', files, given: rows.map(each => JSON.stringify(each)).join('\n'), config: '{}' }
}

/** The damage to files. Here migrations are only compared by their bytes. */
const noText = { scripts: ['SELECT 1;'], statements: ['SELECT 1'], programs: [] }

function accidents(random: Random, rows: readonly RecordedRow[]): RecordedRow[] {
  const result = rows.filter(() => random.chance(90)).map(each => (random.chance(70) ? each : changed(random, each)))
  if (random.chance(20)) result.reverse()
  return random.chance(20) ? [...result, ...result.slice(0, 2)] : result
}

function changed(random: Random, row: RecordedRow): RecordedRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, own]) => [column, random.chance(70) ? own : value(random, own)]),
  )
}

function row(random: Random, columns: readonly string[], known: readonly RecordedRow[]): RecordedRow {
  const of = known.length > 0 ? random.pick(known) : {}
  return Object.fromEntries(columns.map(column => [column, value(random, of[column] ?? null)]))
}

/** Null where a value is missing. */
function value(random: Random, own: string | null): string | null {
  return random.pick<() => string | null>([
    () => own,
    () => null,
    () => random.pick(values),
    () => oddName(random),
    () => `${own ?? ''}${oddCharacter(random)}`,
    () => (own ?? '').slice(0, random.between(0, own?.length ?? 0)),
  ])()
}
