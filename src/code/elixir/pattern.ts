import { below, field, type Node, named } from '../node.ts'
import type { Expression, Pattern } from '../syntax.ts'
import { type Shape, unsure } from './function.ts'

/** Patterns that values are matched with: the left side of `=`, and parameters. */
export function patternsOf(
  text: (node: Node | undefined) => string,
  expression: (node: Node) => Expression,
): {
  readonly pattern: (node: Node) => Pattern
  readonly shape: (node: Node) => Shape
  /** Whether a name belongs to a variable, anywhere in the code that was read before. */
  readonly isBound: (name: string) => boolean
} {
  const bound = new Set<string>()

  function pattern(node: Node): Pattern {
    switch (node.kind) {
      case 'identifier':
        bound.add(text(node))
        return text(node) === '_' ? { kind: 'nothing' } : { kind: 'name', name: text(node) }
      case 'tuple':
      case 'list':
        return { kind: 'list', items: named(node).map(pattern) }
      case 'binary_operator': {
        // `%{} = name`
        const [left, right] = [field(node, 'left'), field(node, 'right')]
        const isBoth = text(field(node, 'operator')) === '=' && left && right
        for (const each of below(node)) if (each.kind === 'identifier') bound.add(text(each))
        return isBoth ? pattern(right.kind === 'identifier' ? right : left) : { kind: 'nothing' }
      }
      default:
        for (const each of below(node)) if (each.kind === 'identifier') bound.add(text(each))
        return { kind: 'nothing' }
    }
  }

  const literals = new Set(['atom', 'string', 'integer', 'boolean', 'nil', 'float'])

  function shape(node: Node): Shape {
    const isDefault = node.kind === 'binary_operator' && text(field(node, 'operator')) === '\\\\'
    const [left, right] = isDefault ? [field(node, 'left'), field(node, 'right')] : [node, undefined]
    if (left && right) return { ...shape(left), otherwise: expression(right) }
    if (node.kind === 'identifier') return { pattern: pattern(node), fits: null }
    if (literals.has(node.kind))
      return {
        pattern: { kind: 'nothing' },
        fits: given => ({ kind: 'operation', operator: 'is', of: [given, expression(node)], at: given.at }),
      }
    const isPlainTuple = node.kind === 'tuple' && named(node).every(({ kind }) => kind === 'identifier')
    if (isPlainTuple) return { pattern: pattern(node), fits: null }
    return {
      pattern: pattern(node),
      fits: unsure,
    }
  }

  return { pattern, shape, isBound: name => bound.has(name) }
}
