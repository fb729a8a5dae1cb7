import { field, type Node } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { argumentNodes, bodyOf, doBlock, keywordsOf } from './call-parts.ts'
import { asFunction, type Clause, functionOf } from './function.ts'
import type { Reading } from './reading.ts'

/** Statements in order; the clauses of one function become one definition. */
export function statementsOf(nodes: readonly Node[], reading: Reading): Expression[] {
  const { expression } = reading
  const found: Expression[] = []
  const clauses = new Map<string, Clause[]>()
  for (const node of nodes) {
    const clause = definition(node, reading)
    if (clause === null) {
      if (!isSilent(node, reading)) found.push(expression(node))
    } else if (clause) {
      const key = `${clause.name}/${clause.shapes.length}`
      clauses.set(key, [...(clauses.get(key) ?? []), clause])
    }
  }
  const arities = new Map<string, number>()
  for (const [first] of clauses.values()) if (first) arities.set(first.name, (arities.get(first.name) ?? 0) + 1)
  for (const all of clauses.values()) {
    const [first] = all
    if (!first) continue
    // Of functions that differ only in their number of arguments, the one with the most has the plain name: the others fill in its defaults.
    const isMost = ![...clauses.values()].some(
      ([other]) => other?.name === first.name && other.shapes.length > first.shapes.length,
    )
    const name = isMost || (arities.get(first.name) ?? 0) < 2 ? first.name : `${first.name}/${first.shapes.length}`
    found.push({ kind: 'definition', definition: functionOf(all, asFunction(name), first.at), at: first.at })
  }
  return found
}

function isSilent(node: Node, reading: Reading): boolean {
  const { text } = reading
  if (node.kind !== 'unary_operator' || !text(node).startsWith('@')) return false
  const operand = field(node, 'operand')
  return /^(?:moduledoc|doc|typedoc|spec|type|typep|opaque|callback|impl|behaviour|shortdoc|dialyzer)$/.test(
    text(operand && (field(operand, 'target') ?? operand)),
  )
}

/** A clause of `def` or `defp`; undefined: a macro or the like, which is not read; null: something else. */
function definition(node: Node, reading: Reading): Clause | undefined | null {
  const { text, expression, shape } = reading
  if (node.kind !== 'call') return null
  const word = text(field(node, 'target'))
  if (/^(?:defmacro|defmacrop|defstruct|defdelegate|defguard|defguardp|defexception|deftype)$/.test(word))
    return undefined
  if (word !== 'def' && word !== 'defp') return null
  const [head, ...rest] = argumentNodes(node)
  if (!head) return undefined
  const isGuarded = head.kind === 'binary_operator' && text(field(head, 'operator')) === 'when'
  const signature = isGuarded ? field(head, 'left') : head
  const guard = isGuarded ? field(head, 'right') : undefined
  if (!signature) return undefined
  const isCall = signature.kind === 'call'
  const body = doBlock(node)
  const short = keywordsOf(rest, reading).get('do')
  return {
    name: text(isCall ? field(signature, 'target') : signature),
    shapes: isCall ? argumentNodes(signature).map(shape) : [],
    ...(guard && { guard: expression(guard) }),
    body: body ? bodyOf(body, reading) : short ? expression(short) : none(node),
    at: node.span,
  }
}
