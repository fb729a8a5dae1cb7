import type { Node, TypeName } from '@pgsql/types'
import { parse } from '../../../src/parse/parse.ts'
import { loadParser } from '../../../src/parse/parser.ts'
import type { Statement } from '../../../src/parse/script.ts'
import { Backend } from '../../../src/postgres/backend.ts'
import { emptyCatalog } from '../../../src/postgres/catalog/catalog.ts'
import type { Settings } from '../../../src/postgres/catalog/setting.ts'
import { HeldLocks } from '../../../src/postgres/held.ts'

await loadParser()

/** A backend with an empty catalog, to ask the model's functions about single expressions and types. */
export function backend(version = 18, settings: Readonly<Record<string, string>> = {}): Backend {
  const values: Settings = new Map(
    Object.entries(settings).map(([name, value]) => [name, { value, local: false, setBy: null }]),
  )
  return new Backend({
    version,
    migration: 0,
    statement: statement('SELECT'),
    catalog: emptyCatalog,
    settings: values,
    began: null,
    transaction: { id: null, kind: 'autocommit', held: HeldLocks.none, openedBy: null },
  })
}

/** The only statement of a text. */
export function statement(sql: string): Statement {
  const script = parse({ path: 'test.sql', text: sql })
  const [only] = script.statements
  if (!only) throw new Error(`no statement in ${sql}: ${JSON.stringify(script.problems)}`)
  return only
}

/** `a > 1` as a parse tree. */
export function expression(sql: string): Node {
  const { targetList } = statement(`SELECT ${sql}`).node as { targetList: { ResTarget: { val: Node } }[] }
  const [target] = targetList
  if (!target) throw new Error(`no expression in ${sql}`)
  return target.ResTarget.val
}

/** `varchar(10)` as a parse tree. */
export function typeName(sql: string): TypeName {
  const cast = expression(`NULL::${sql}`)
  if (!('TypeCast' in cast) || !cast.TypeCast.typeName) throw new Error(`not a type: ${sql}`)
  return cast.TypeCast.typeName
}
