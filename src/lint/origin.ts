import type { Node } from '@pgsql/types'
import type { Index } from '../postgres/catalog.ts'
import type { Step } from '../postgres/step.ts'
import { textOf } from '../postgres/written.ts'

/** An expression of the catalog as some statement before wrote it; null when no migration did, or something in it was renamed since. */
export function writtenText(history: readonly Step[], expression: Node): string | null {
  const origin = history.find(({ statement }) => contains(statement.node, expression))
  return (origin && textOf(expression, origin.statement)) || null
}

function contains(tree: unknown, node: Node): boolean {
  if (tree === node) return true
  if (typeof tree !== 'object' || tree === null) return false
  return Object.values(tree).some(part => contains(part, node))
}

/** The CREATE INDEX that made an index, so that it can be built again beside the traffic; null when no migration has it. */
export function createConcurrently(history: readonly Step[], index: Index): string | null {
  for (const { operations, statement } of history) {
    const made = operations.find(each => each.kind === 'create-index' && each.index.oid === index.oid)
    if (made?.kind !== 'create-index' || made.name !== index.name) continue
    if (made.concurrently) return `${statement.text};`
    const after = made.keyword[1] - statement.span[0]
    return `${statement.text.slice(0, after)} CONCURRENTLY${statement.text.slice(after)};`
  }
  return null
}
