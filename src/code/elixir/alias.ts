import { field, type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { argumentNodes, keywordsOf } from './call-parts.ts'
import type { Reading } from './reading.ts'

/** `alias App.Users.User`, `alias App.Users, as: Them`, `alias App.{Users, Orders}`. */
export function aliasOf(node: Node, reading: Reading): Expression {
  const { text, aliases } = reading
  const nodes = argumentNodes(node)
  const [first] = nodes
  const [of, several] = first?.kind === 'dot' ? [field(first, 'left'), field(first, 'right')] : []
  const modules = several?.kind === 'tuple' ? named(several).map(each => `${text(of)}.${text(each)}`) : [text(first)]
  const as = text(keywordsOf(nodes, reading).get('as'))
  const made = modules.flatMap((module): Expression[] => {
    const last = module.slice(module.lastIndexOf('.') + 1)
    const name = as || last
    if (!/^[A-Z][\w.]*$/.test(module)) return []
    const at = node.span
    const own = ofFile(module, node, reading)
    if (own) return [{ kind: 'assignment', to: { kind: 'name', name }, value: own, isDeclaration: true, at }]
    aliases.set(name, module)
    return [{ kind: 'import', module, name, at }]
  })
  const [only] = made
  return made.length > 1 ? { kind: 'block', body: made, at: node.span } : (only ?? none(node))
}

/** A module that the file defines, by itself or in another one. */
function ofFile(module: string, { span: at }: Node, { source, modules }: Reading): Expression | null {
  const has = (each: string) => source.includes(`defmodule ${each} do`)
  if (has(module)) return { kind: 'name', name: module, at }
  const dot = module.lastIndexOf('.')
  const [around, last] = [module.slice(0, Math.max(0, dot)), module.slice(dot + 1)]
  if (!has(around) || !has(last)) return null
  const isInside = modules.includes(around)
  return isInside
    ? { kind: 'name', name: last, at }
    : { kind: 'member', of: { kind: 'name', name: around, at }, name: last, nameAt: at, at }
}

/** A name that begins with an alias, in full. */
export function inFull(name: string, { aliases }: Reading): string {
  const dot = name.indexOf('.')
  const module = dot < 0 ? undefined : aliases.get(name.slice(0, dot))
  return module === undefined ? name : module + name.slice(dot)
}
