import { field, type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression, Pattern } from '../syntax.ts'
import type { Reading } from './reading.ts'

export function assignment(node: Node, reading: Reading): Expression {
  const [left, right] = [field(node, 'left'), field(node, 'right')]
  if (!left || !right) return none(node)
  const value = reading.expression(right)
  const [of, by] = left.kind === 'subscript_expression' ? named(left) : []
  // `$list[] = $item` appends the item.
  if (of && !by)
    return {
      kind: 'call',
      callee: { kind: 'member', of: reading.expression(of), name: '[]=', nameAt: left.span, at: left.span },
      args: [{ value }],
      nameAt: left.span,
      at: node.span,
    }
  return { kind: 'assignment', to: patternOf(left, reading), value, at: node.span }
}

export function patternOf(node: Node, reading: Reading): Pattern {
  switch (node.kind) {
    case 'variable_name':
      return { kind: 'name', name: reading.text(node) }
    case 'by_ref': {
      const [inner] = named(node)
      return inner ? patternOf(inner, reading) : { kind: 'nothing' }
    }
    case 'list_literal': {
      // `['a' => $b]` takes values by name, which no pattern expresses. Items without a name are counted by commas.
      if (node.children.some(({ kind }) => kind === '=>')) return { kind: 'list', items: namesIn(node, reading) }
      const items: Pattern[] = []
      let isThere = false
      for (const child of node.children) {
        if (child.kind === ',') {
          if (!isThere) items.push({ kind: 'nothing' })
          isThere = false
        } else if (child.isNamed) {
          items.push(patternOf(child, reading))
          isThere = true
        }
      }
      return { kind: 'list', items }
    }
    default: {
      const place = reading.expression(node)
      return place.kind === 'member' || place.kind === 'index' ? { kind: 'place', place } : { kind: 'nothing' }
    }
  }
}

function namesIn(node: Node, reading: Reading): Pattern[] {
  return named(node)
    .filter(({ kind }) => kind === 'variable_name' || kind === 'list_literal')
    .map(each => patternOf(each, reading))
}
