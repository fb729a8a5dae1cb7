import { beforeAll } from 'vitest'
import { loadParser, parse, type Script, type Span, type Statement } from '../../../src/parse/index.ts'

/** Loads the parser before the tests of the file that calls this. */
export function withParser(): void {
  beforeAll(loadParser)
}

export const script = (text: string): Script => parse({ path: 'test.sql', text })

export const textAt = (script: Script, span: Span): string => script.source.text.slice(span[0], span[1])

/** All statements, those in DO blocks behind their block. */
export function all(statements: readonly Statement[]): Statement[] {
  return statements.flatMap(statement => [statement, ...all(statement.body?.statements ?? [])])
}

/** The text of each statement as it stands in the file. */
export const written = (script: Script): string[] => script.statements.map(({ span }) => textAt(script, span))

/** `kind: message @ text` of each problem. */
export const problems = (script: Script): string[] =>
  script.problems.map(({ kind, message, span }) => `${kind}: ${message} @ ${textAt(script, span)}`)

/** Every object in a tree, with the key it stands under. */
export function* nodes(value: unknown, key = ''): Generator<[key: string, node: Record<string, unknown>]> {
  if (Array.isArray(value)) for (const item of value) yield* nodes(item, key)
  else if (typeof value === 'object' && value !== null) {
    yield [key, value as Record<string, unknown>]
    for (const [name, child] of Object.entries(value)) yield* nodes(child, name)
  }
}
