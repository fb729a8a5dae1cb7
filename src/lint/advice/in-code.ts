import type { AdviceInCode, Name, Remedy } from '../../code/advice.ts'
import { isMigration } from '../../migration/migration.ts'
import type { RunnerAdvice } from '../../migration/runner.ts'
import { ParserLost } from '../../parse/instance.ts'
import { lookUp } from '../../parse/look-up.ts'
import { parse } from '../../parse/parse.ts'
import type { Script, Statement } from '../../parse/script.ts'
import type { Code, Help, HelpPart } from '../help.ts'
import type { MigrationFile } from '../history/history.ts'
import { isRefusedInTransaction, remedyOf, type Surroundings } from './remedy.ts'

/** Help in the language of the file, or as the runner reads SQL. */
export function helpInFile(help: Help, file: Pick<MigrationFile, 'written' | 'steps' | 'input'>): Help {
  const advice = file.written?.advice
  if (advice) return helpInCode(help, advice, index => tableIn(file, index))
  const keepsWhole = isMigration(file.input) ? file.input.runner.keepsWhole : undefined
  return keepsWhole ? help.flatMap(part => keptWhole(part, keepsWhole)) : help
}

/** SQL whose statements the runner does not cut. */
function keptWhole(part: HelpPart, { written, also }: NonNullable<RunnerAdvice['keepsWhole']>): HelpPart[] {
  if (typeof part === 'string' || part.language !== 'sql') return [part]
  const statements = scriptOf(part.code)?.statements.map(({ text }) => text) ?? []
  const isCut = (text: string) => text.includes(';')
  if (!statements.some(isCut)) return [part]
  const code = statements.map(text => (written && isCut(text) ? written(text) : `${text};`)).join('\n')
  return [{ ...part, code }, ...(also === undefined ? [] : [also])]
}

/** The table of an index that exists before or after the migration; null: it is unknown. */
function tableIn({ steps }: Pick<MigrationFile, 'steps'>, { schema, name }: Name): Name | null {
  for (const catalog of [steps[0]?.before, steps.at(-1)?.after])
    for (const relation of catalog?.relations.values() ?? []) {
      if (!('table' in relation) || relation.name !== name) continue
      if (schema !== null && relation.schema !== schema) continue
      const table = typeof relation.table === 'number' ? catalog?.relations.get(relation.table) : undefined
      if (table) return { schema, name: table.name }
    }
  return null
}

/** The longest SQL that is turned into code, in UTF-16 units. Advice for people is shorter. */
const longest = 20_000

/**
 * Help for a migration in code. If the tool has calls for the SQL, these come first, and the SQL follows; otherwise code that runs the SQL
 * replaces it. SQL that has a place to fill in, or a part of the program in it, stays as it is.
 */
function helpInCode(help: Help, advice: AdviceInCode, tableOf: Surroundings['tableOf']): Help {
  const scripts = help.map(part => (typeof part === 'string' || part.language !== 'sql' ? null : scriptOf(part.code)))
  const kindOf = kindsIn(scripts.flatMap(script => script?.statements ?? []))
  return help.flatMap((part, i): HelpPart[] => {
    const script = scripts[i]
    // A sentence introduces the code after it.
    if (typeof part === 'string') return [...stopsUsing(scripts[i + 1]?.statements ?? [], advice), part]
    if (!script || script.statements.every(isQuestion)) return [part]
    const made = codeOf(script, advice, { tableOf, kindOf })
    const code: Code = { code: made.code, language: advice.language }
    return made.isOwn ? [code, 'Or in SQL:', part] : [code]
  })
}

/** A query whose answer somebody reads: it does not belong in a migration. */
function isQuestion({ kind, node }: Statement): boolean {
  return kind === 'SelectStmt' && lookUp(node, 'fromClause') !== undefined
}

/** How code stops using the columns that these statements drop. */
function stopsUsing(statements: readonly Statement[], { unused, language }: AdviceInCode): HelpPart[] {
  return statements.flatMap((statement): HelpPart[] => {
    const remedy = remedyOf(statement, nothingAround)
    const told = remedy?.kind === 'dropColumn' ? unused?.(remedy) : null
    return told ? [told.how, { code: told.code, language }] : []
  })
}

/** Kinds of the constraints that these statements add, by their names. */
function kindsIn(statements: readonly Statement[]): Surroundings['kindOf'] {
  const kinds = new Map<string, 'foreign key' | 'check'>()
  for (const statement of statements) {
    const remedy = remedyOf(statement, nothingAround)
    if (remedy?.kind === 'addForeignKey') kinds.set(remedy.name, 'foreign key')
    if (remedy?.kind === 'addCheck') kinds.set(remedy.name, 'check')
  }
  return name => kinds.get(name) ?? null
}

const nothingAround: Surroundings = { tableOf: () => null, kindOf: () => null }

/** The statements as code. `isOwn`: the tool has a call for at least one. Null: the SQL cannot be parsed, or has comments. */
export function inCode(
  sql: string,
  advice: AdviceInCode,
  around: Surroundings = nothingAround,
): { code: string; isOwn: boolean } | null {
  const script = scriptOf(sql)
  return script && codeOf(script, advice, around)
}

/** A piece of advice as statements; null: it cannot be parsed, or has comments or an unknown part (`hole` in `src/code/text.ts`). */
function scriptOf(sql: string): Script | null {
  if (sql.length > longest || sql.includes('${')) return null
  const script = parsed(sql)
  if (!script) return null
  const { statements, problems, comments } = script
  return statements.length === 0 || problems.length > 0 || comments.length > 0 ? null : script
}

function codeOf({ statements }: Script, advice: AdviceInCode, around: Surroundings): { code: string; isOwn: boolean } {
  let isOwn = false
  const { between = '\n', outside } = advice
  const parts: { codes: string[]; isOutside: boolean }[] = []
  for (const statement of statements) {
    const remedy = remedyOf(statement, around)
    const call = remedy && callFor(remedy, advice)
    isOwn ||= call !== null
    const isOutside = isRefusedInTransaction(statement)
    const code = call ?? advice.sql(statement.text, isOutside)
    const last = parts.at(-1)
    if (last?.isOutside === isOutside) last.codes.push(code)
    else parts.push({ codes: [code], isOutside })
  }
  const codes = parts.map(part => (part.isOutside && outside ? outside(part.codes) : part.codes.join(between)))
  return { code: codes.join(between), isOwn }
}

function callFor<Kind extends Remedy['kind']>(
  remedy: Extract<Remedy, { kind: Kind }>,
  { calls }: AdviceInCode,
): string | null {
  const call = calls?.[remedy.kind as Kind] as ((remedy: Extract<Remedy, { kind: Kind }>) => string | null) | undefined
  return call?.(remedy) ?? null
}

function parsed(text: string): Script | null {
  try {
    return parse({ path: 'help.sql', text })
  } catch (error) {
    if (error instanceof ParserLost) return null
    throw error
  }
}
