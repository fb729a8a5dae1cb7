import { field, type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { type Clause, functionOf } from './function.ts'
import type { Reading } from './reading.ts'

export function clausesOf(node: Node, reading: Reading): Clause[] {
  const { text, expression, block, shape } = reading
  return named(node)
    .filter(({ kind }) => kind === 'stab_clause')
    .map(each => {
      const left = field(each, 'left')
      const guarded = left && left.kind === 'binary_operator' && text(field(left, 'operator')) === 'when'
      const heads = guarded ? field(left, 'left') : left
      const guard = guarded ? field(left, 'right') : undefined
      const right = field(each, 'right')
      return {
        name: '',
        shapes: heads ? (heads.kind === 'arguments' ? named(heads) : [heads]).map(shape) : [],
        ...(guard && { guard: expression(guard) }),
        body: right ? block(named(right), right) : none(each),
        at: each.span,
      }
    })
}

export function anonymous(node: Node, reading: Reading): Expression {
  return functionOf(clausesOf(node, reading), '', node.span)
}
