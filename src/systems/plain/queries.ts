import { next } from '../../parse/lexer.ts'
import { decode } from '../../parse/source.ts'
import { split } from '../../parse/split.ts'

/** The comment of sqlc above a query, `-- name: GetUser :one`, and that of HugSQL, `-- :name get-user :? :1`. */
const named =
  /^(?:--|\/\*)[ \t]*(?:name:[ \t]*\w+[ \t]+:(?:one|many|exec|execresult|execrows|execlastid|copyfrom|batchexec|batchmany|batchone)\b|:name[ \t]+[\w-]+[ \t]+:)/m

const words: ReadonlySet<string> = new Set(['delete', 'insert', 'merge', 'select', 'update', 'values', 'with'])

/**
 * True for a file of queries that code runs by name. A comment alone makes none of a migration: a file that changes the schema, or that has
 * something that is not read, is linted whatever its comments say.
 */
export function holdsOnlyQueries(content: Uint8Array): boolean {
  const { text } = decode('', content).source
  if (!named.test(text)) return false
  const { pieces, problems, clientCommands } = split(text)
  if (problems.length > 0 || clientCommands.length > 0) return false
  return pieces.every(({ span: [start, end] }) => {
    const first = next(text, start, end)
    return first !== null && words.has(text.slice(first.start, first.end).toLowerCase())
  })
}
