import { type CodeText, isInLiteral } from './code-text.ts'
import { type Forms, placesOf, type TableForms } from './forms.ts'
import { qualifierBefore } from './sql-text.ts'

/** Tables and columns in the calls of query builders: Knex, Kysely, Laravel's `DB::table` and others. */

/** The start of a query builder's chain, before the name of a table in quotes. */
const builders =
  /(?:\b(?:knex|db|trx|from|into|table|join|leftJoin|rightJoin|innerJoin|fullJoin|selectFrom|insertInto|updateTable|deleteFrom|mergeInto|withSchema\([^()]*\)\.\w+|DB::table|DB\.table|Table|C|T)|\bfrom\(\s*\w+\s+in)\s*(?:<[^<>()]*>\s*)?(?:\(\s*)?$/

/** Further calls on one table are not looked at. */
export const mostCalls = 100

/** The places where a query builder gets the table. */
export function builderPlaces({ text, code, literals }: CodeText, table: string): number[] {
  const found: number[] = []
  for (const [start, end] of literals) {
    if (found.length >= mostCalls) break
    if (end - start > 200) continue
    const name = text.slice(start, end).split(/\s/)[0] ?? ''
    if (name !== table && !name.endsWith(`.${table}`)) continue
    if (builders.test(code.slice(Math.max(0, start - 81), start - 1))) found.push(start)
  }
  return found
}

/**
 * The places where a query builder names the column after the table: in quotes or as a key, up to the next empty line. A column of another
 * table has its name or its alias before it; a bare name that may be one of several tables counts if it hardly means anything else.
 */
export function afterCall(file: CodeText, at: number, table: TableForms, column: Forms): number[] {
  const { text, code } = file
  const rest = code.slice(at, at + 900)
  const next = rest.search(/\n\s*\n|\b(?:selectFrom|insertInto|updateTable|deleteFrom|from|into)\s*\(\s*["'`]/)
  const chain = next === -1 ? rest : rest.slice(0, next)
  const alias = /^[^\s"'`]+\s+(?:as\s+)?(\w+)/i.exec(text.slice(at, at + 200))?.[1]
  const isOnly = !/[jJ]oin(?:Lateral|Raw|Related|Sub)? ?\(/.test(chain)
  return [...placesOf(chain, column.exact)].flatMap(place => {
    const qualifier = qualifierBefore(chain, place)
    if (qualifier === undefined ? !(isOnly || column.isDistinctive) : ![table.exact, alias].includes(qualifier))
      return []
    const isKey = /^["'`]?\s*:[^:]/.test(chain.slice(place + column.exact.length))
    return isKey || isInLiteral(file, at + place) ? [at + place] : []
  })
}
