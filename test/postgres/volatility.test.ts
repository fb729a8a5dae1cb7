import { readFileSync } from 'node:fs'
import type { CreateFunctionStmt, FunctionParameter, Node } from '@pgsql/types'
import { describe, expect, it } from 'vitest'
import type { Backend } from '../../src/postgres/backend.ts'
import type { Routine } from '../../src/postgres/catalog/catalog.ts'
import { qualifiedName } from '../../src/postgres/catalog/name.ts'
import { volatility } from '../../src/postgres/expression/volatility.ts'
import { resolveType } from '../../src/postgres/type/type.ts'
import { supportedVersions } from '../../src/postgres/version.ts'
import { backend, expression, statement } from './kit/model.ts'
import { functions } from './measure/defaults-list.ts'

interface Measured {
  readonly expression: string
  readonly outcome: string | Record<string, string>
}

const measured = JSON.parse(readFileSync(new URL('defaults.json', import.meta.url), 'utf8')) as Measured[]

function prepared(version: number): Backend {
  const made = backend(version)
  for (const sql of functions) made.putRoutine(routine(made, sql))
  return made
}

/** The facts of CREATE FUNCTION that the planner uses. */
function routine(on: Backend, sql: string): Omit<Routine, 'oid' | 'createdIn'> {
  const node = statement(sql).node as CreateFunctionStmt
  const options = new Map(
    (node.options ?? []).map(option => ('DefElem' in option ? [option.DefElem.defname, option.DefElem.arg] : [])) as [
      string,
      Node,
    ][],
  )
  const text = (name: string) => {
    const value = options.get(name)
    const string = value && 'List' in value ? value.List.items?.[0] : value
    return string && 'String' in string ? (string.String.sval ?? null) : null
  }
  const parameters = (node.parameters ?? []).flatMap(p => ('FunctionParameter' in p ? [p.FunctionParameter] : []))
  return {
    schema: 'public',
    name: qualifiedName(node.funcname).name,
    kind: 'function',
    language: text('language') ?? '',
    volatility: (text('volatility') ?? 'volatile') as Routine['volatility'],
    arguments: parameters.map((p: FunctionParameter) => resolveType(on, p.argType ?? {})),
    argumentNames: parameters.map(p => p.name ?? null),
    returns: node.returnType ? resolveType(on, node.returnType) : null,
    returnsTrigger: false,
    strict: options.has('strict'),
    body: text('as'),
    sqlBody: node.sql_body ?? null,
    neverInlined: options.has('security') || options.has('set'),
  }
}

describe.each(supportedVersions)('defaults on PostgreSQL %i', version => {
  const on = prepared(version)
  it(`are as volatile as ${measured.length} measured ADD COLUMNs`, () => {
    const wrong = measured.flatMap(({ expression: text, outcome }) => {
      const truth = typeof outcome === 'string' ? outcome : outcome[version]
      // The expression does not exist in this version, or is not a valid default there.
      if (truth !== 'keep' && truth !== 'rewrite') return []
      const said = volatility(on, expression(text))
      const agrees = (said.volatility === 'volatile') === (truth === 'rewrite') && said.volatility !== 'unknown'
      return agrees ? [] : [`${text}: ${truth} in truth, ${said.volatility} in the model (${said.because})`]
    })
    expect(measured.length).toBeGreaterThan(100)
    expect(wrong).toEqual([])
  })
})

describe('volatility', () => {
  const on = prepared(18)
  it.each([
    ['md5(random()::text)', 'random() is volatile'],
    ["nextval('s')", 'nextval() is volatile'],
    ['now()', 'now() is stable'],
    ['CURRENT_TIMESTAMP(3)', 'CURRENT_TIMESTAMP is stable'],
    ['dice()', 'random() is volatile'],
    ['app.token()', 'whether token() is volatile is not known'],
    ["'x' || 1", 'the expression is constant'],
  ])('gives the reason: %s', (text, because) => {
    expect(volatility(on, expression(text)).because).toBe(because)
  })

  it('is volatile with one volatile call, even beside an unknown one', () => {
    expect(volatility(on, expression('app.token(random())')).volatility).toBe('volatile')
    expect(volatility(on, expression('app.token(now())')).volatility).toBe('unknown')
  })

  it('does not follow recursive functions', () => {
    on.putRoutine({ ...routine(on, "CREATE FUNCTION self() RETURNS int LANGUAGE sql AS 'select self()'") })
    expect(volatility(on, expression('self()'))).toEqual({ volatility: 'volatile', because: 'self() is volatile' })
  })
})
