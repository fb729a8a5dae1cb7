import type { Migration } from '../../../src/index.ts'
import { lint, registry } from '../../../src/index.ts'
import type { Config } from '../../../src/lint/config/config.ts'
import type { ReportedFinding } from '../../../src/lint/report.ts'
import { parse } from '../../../src/parse/parse.ts'
import { contains } from '../../../src/parse/span.ts'
import { blocksReads, blocksWrites } from '../../../src/postgres/lock.ts'

const categories = new Map(registry.rules.map(({ id, category }) => [id, category]))

/** True for errors and warnings about blocking, data, or code that breaks. */
function isDanger({ rule, severity }: ReportedFinding): boolean {
  const category = categories.get(rule) ?? ''
  return severity !== 'note' && ['locking', 'data loss', 'breaking change'].includes(category)
}

/** The ways in which an earlier migration is hidden: it cannot be read, or the history begins after it. */
export const waysOfHiding = ['code', 'dynamic', 'included', 'broken', 'begins later'] as const

export type Hiding = (typeof waysOfHiding)[number]

/** What stands in its place in SQL. */
const instead = {
  dynamic: "DO $$ BEGIN EXECUTE current_setting('my.sql'); END $$;",
  included: '\\i other.sql\n',
  broken: 'ALTER TABL x ADD COLUMN y int;\n',
} as const

/** The migrations with the one at `k` in another language or with SQL that is not read, or without all up to it. */
export function hide(migrations: readonly Migration[], k: number, how: Hiding): Migration[] {
  if (how === 'begins later') return migrations.slice(k + 1)
  return migrations.map((each, i): Migration => {
    if (i !== k) return each
    const { path } = each
    const { execution, runner } = 'execution' in each ? each : {}
    const run = { path, ...(execution && { execution }), ...(runner && { runner }) }
    return how === 'code'
      ? { ...run, kind: 'code', content: '', opaque: 'it is written in Go' }
      : { ...run, content: instead[how] }
  })
}

async function found(migrations: readonly Migration[], config: Config, report: (path: string) => boolean) {
  const told = await lint({ migrations, config, report })
  if (told.internalErrors.length > 0) throw new Error(JSON.stringify(told.internalErrors))
  return told.findings
}

/** A difference that hiding makes. */
export interface Difference {
  readonly rule: string
  readonly how: Hiding
  readonly text: string
  /** The reason why it is right, a key of `reasons`; null: it is wrong. */
  readonly because: Reason | null
}

/** The reasons for which a difference may be right. */
export const reasons = {
  tie: 'Who else waits is known only by what the hidden migration ties to the statement: it names the one and the other, and what is left does not.',
  wait: 'Who waits while a statement waits for its own lock, and for no work, is shown by a note or by other findings about it.',
  note: 'The rule says no more than a note of what it does not know: its page says so.',
} as const

export type Reason = keyof typeof reasons

interface NoteOfUnknown {
  /** The rule that reports it. */
  readonly by: string
  /** The statements that it is promised for; left out: all. */
  readonly of?: RegExp
}

/** Rules whose pages promise only a note if the object is unknown, with the rule that reports the note. */
export const notesOfUnknown: ReadonlyMap<string, NoteOfUnknown> = new Map([
  ['add-column-constrained-domain', { by: 'add-column-constrained-domain' }],
  // Its volatile default may be that of a domain.
  ['add-column-volatile-default', { by: 'add-column-constrained-domain' }],
  // ON ONLY builds nothing if the table is partitioned.
  ['blocking-index-build', { by: 'blocking-index-build', of: /\bON ONLY\b/ }],
  ['change-column-type-narrowing', { by: 'change-column-type-narrowing' }],
  // Its type may be a domain that is NOT NULL.
  ['drop-default-of-not-null', { by: 'drop-default-of-not-null' }],
  ['drop-foreign-key', { by: 'drop-foreign-key' }],
  ['drop-unique', { by: 'drop-unique' }],
  ['partition-scans-default', { by: 'partition-scans-default' }],
  ['row-security-without-policy', { by: 'row-security-without-policy' }],
])

/**
 * The changes for the worse when the migration at `k` is hidden: a danger of a statement is no longer an error or a warning, or a failure
 * has become certain.
 */
export async function differences(migrations: readonly Migration[], k: number, config: Config): Promise<Difference[]> {
  const later = new Set(migrations.slice(k + 1).map(({ path }) => path))
  const report = (path: string) => later.has(path)
  const before = await found(migrations, config, report)
  const all: Difference[] = []
  for (const how of waysOfHiding) {
    const left = hide(migrations, k, how)
    const after = await found(left, config, report)
    const known = new Set(before.filter(isFailure).map(placeOf))
    for (const each of after.filter(isFailure)) {
      if (known.has(placeOf(each))) continue
      all.push({ rule: each.rule, how, text: `now ${shown(each)}`, because: null })
    }
    const hidden = migrations.filter((_, i) => (how === 'begins later' ? i <= k : i === k)).map(textOf)
    for (const each of before.filter(isDanger)) {
      const there = after.filter(other => placeOf(other) === placeOf(each))
      if (there.some(other => isDanger(other) && other.rule === each.rule)) continue
      const statement = statementOf(migrations, each)
      const waits = after.filter(other => other.path === each.path && other.rule === 'missing-lock-timeout')
      const because = covered(each, there, [...there, ...waits], statement, hidden.join('\n'))
      if (because === 'all') continue
      const text = `was ${shown(each)}; now ${there.map(shown).join(' | ') || 'nothing'} (${statement})`
      all.push({ rule: each.rule, how, text, because })
    }
  }
  return all
}

/**
 * True for a finding about work that also says that values may not fit: one finding of a statement is enough. If the former type is unknown,
 * only a limit of the new one shows that it may hold less.
 */
function copiesAndMayFail(finding: ReportedFinding, statement: string): boolean {
  if (finding.rule !== 'change-column-type-rewrite' || !isDanger(finding)) return false
  return /It fails if/.test(JSON.stringify(finding)) || !/ TYPE \w+\s*\(/i.test(statement)
}

/** `all` if the new findings report everybody who waits; otherwise the reason why they need not. */
function covered(
  { rule, effects = [] }: ReportedFinding,
  there: readonly ReportedFinding[],
  beside: readonly ReportedFinding[],
  statement: string,
  hidden: string,
): 'all' | Reason | null {
  const note = notesOfUnknown.get(rule)
  if (note && (note.of?.test(statement) ?? true) && there.some(other => other.rule === note.by)) return 'note'
  if (rule === 'change-column-type-narrowing' && there.some(other => copiesAndMayFail(other, statement))) return 'all'
  if (categories.get(rule) !== 'locking') return null
  const isTied = (relation: string) =>
    !names(statement, relation) && names(hidden, relation) && wordsOf(statement).some(word => names(hidden, word))
  const tables = effects.filter(({ kind }) => !kind.endsWith('index') && kind !== 'composite type')
  const told = new Set(there.filter(isDanger).flatMap(each => blocked(each.effects ?? [])))
  const missing = tables.filter(effect => !blocked([effect]).every(each => told.has(each)))
  if (missing.length === 0 && tables.length > 0) return 'all'
  const untied = missing.filter(({ relation }) => !isTied(relation))
  if (untied.length === 0 && tables.length > 0) return 'tie'
  const isWait = effects.every(({ work }) => work === 'none')
  const isNoted = (relation: string) => beside.some(({ message }) => message.includes(`"${relation}"`))
  return isWait && untied.every(({ relation }) => isNoted(relation)) ? 'wait' : null
}

/** Words that may be names in the user's SQL. In a long line, a letter alone is rather a part of prose or of code. */
function wordsOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap(line => (line.match(/[a-z_][a-z_0-9]*/g) ?? []).filter(word => word.length > 1 || line.length < 200))
}

function names(text: string, name: string): boolean {
  return wordsOf(text).includes(name.split('.').at(-1) ?? name)
}

function textOf({ content }: Migration): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content)
}

function statementOf(migrations: readonly Migration[], { path, at }: ReportedFinding): string {
  const text = migrations.filter(each => each.path === path).map(textOf)[0] ?? ''
  const { statements } = parse({ path, text }, [{ span: [0, text.length] }])
  return text.slice(...(statements.find(({ span }) => contains(span, at[0]))?.span ?? at))
}

function blocked(effects: NonNullable<ReportedFinding['effects']>): string[] {
  return effects.flatMap(({ relation, lock }) => [
    ...(blocksReads(lock) ? [`${relation} reads`] : []),
    ...(blocksWrites(lock) ? [`${relation} writes`] : []),
  ])
}

function isFailure({ rule }: ReportedFinding): boolean {
  return rule === 'certain-failure'
}

/** The statement, identified by its file and its tokens. */
function placeOf({ path, statement }: ReportedFinding): string {
  return `${path} ${statement.replace(/^((?:down:)?[0-9a-f]{16}).*/, '$1')}`
}

function shown({ severity, rule, message }: ReportedFinding): string {
  return `${severity} ${rule}: ${message}`
}
