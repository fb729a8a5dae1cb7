import { field, has, type Node, named, type Program } from '../node.ts'
import { plain } from '../text.ts'
import { type Callable, entry, record, type Scope, unknown, type Value } from '../value.ts'
import type { Evaluator } from './evaluator.ts'
import { globalScope, moduleOf } from './globals.ts'
import { stringOf } from './literal.ts'
import { hoist } from './statement.ts'

/** What a file of JavaScript or TypeScript exports. */
export interface Module {
  /** Its exports by name; `default` is one of them. */
  readonly exports: ReadonlyMap<string, Value>
  /** Files of which it exports everything: `export * from './other'`. */
  readonly others: readonly Value[]
  /** Its classes, exported or not. */
  readonly classes: readonly Callable[]
}

/** The name of the value that stands for a file of the project. */
export const fileOfProject = 'a file of the project'

/** Reads the statements at the top of a program. */
export function moduleFrom(program: Program, machine: Evaluator): Module {
  const scope: Scope = { names: new Map(), outer: globalScope(machine) }
  const exported = record([], program.root.span)
  const own = record([['exports', exported]], program.root.span)
  scope.names.set('module', own)
  scope.names.set('exports', exported)
  const statements = named(program.root)
  for (const node of statements) if (node.kind === 'import_statement') imported(node, scope, machine)
  hoist([...statements, ...statements.flatMap(declared)], scope, machine)
  const found = new Map<string, Value>()
  for (const node of statements) {
    if (node.kind === 'export_statement') exportOf(node, scope, machine, found)
    else machine.execute(node, scope)
  }
  for (const [name, local] of laterExports(statements, machine)) {
    const value = scope.names.get(local)
    if (value) found.set(name, value)
  }
  const others = statements.flatMap(node => exportedAgain(node, machine, found))
  const assigned = own.entries.get('exports')
  if (assigned?.kind === 'record' || assigned?.kind === 'callable')
    for (const [name, value] of assigned.entries) if (!found.has(name)) found.set(name, value)
  if (assigned && assigned !== exported && !found.has('default')) found.set('default', assigned)
  // Tools take the exported classes; others may only be what these inherit from.
  const classes = [...found.values(), ...scope.names.values()].filter(isClass)
  return { exports: found, others, classes: [...new Set(classes)] }
}

export function isClass(value: Value | undefined): value is Callable {
  return value?.kind === 'callable' && value.node?.kind.includes('class') === true
}

function declared(node: Node): Node[] {
  const inner = node.kind === 'export_statement' ? field(node, 'declaration') : undefined
  return inner ? [inner] : []
}

function imported(node: Node, scope: Scope, machine: Evaluator): void {
  const source = field(node, 'source')
  if (!source || has(node, 'type')) return
  const name = plain(stringOf(source, machine.text))
  const from = moduleOf(name, source.span, machine)
  const clause = named(node).find(({ kind }) => kind === 'import_clause')
  for (const each of clause ? named(clause) : []) {
    const put = (name: Node | undefined, value: Value) => {
      if (name) scope.names.set(machine.source(name), value)
    }
    const member = (name: string, at: Node): Value => {
      const value =
        from.kind === 'unknown' ? unknown(from.why, at.span, true, name) : machine.member(from, name, at.span)
      return value
    }
    if (each.kind === 'identifier') {
      const main = from.kind === 'unknown' ? unknown(from.why, each.span, true, machine.source(each)) : from
      // Packages that a reader knows are what they export; files of the project have their exports by name.
      const isFile = from.kind === 'host' && from.name === fileOfProject
      const given = isFile ? from.get?.('default', each.span) : entry(from, 'default')
      put(each, given?.kind === 'unknown' ? { ...given, name: machine.source(each) } : (given ?? main))
    } else if (each.kind === 'namespace_import') put(named(each)[0], from)
    else if (each.kind === 'named_imports')
      for (const specifier of named(each)) {
        const name = field(specifier, 'name')
        if (name) put(field(specifier, 'alias') ?? name, member(machine.source(name), name))
      }
  }
}

function exportOf(node: Node, scope: Scope, machine: Evaluator, found: Map<string, Value>): void {
  const [declaration, value] = [field(node, 'declaration'), field(node, 'value')]
  if (declaration) {
    machine.execute(declaration, scope)
    const names = /class|function|enum/.test(declaration.kind)
      ? [field(declaration, 'name')]
      : named(declaration).map(each => field(each, 'name'))
    for (const name of names) {
      const word = name ? machine.source(name) : ''
      const exported = scope.names.get(word)
      if (exported) found.set(has(node, 'default') ? 'default' : word, exported)
    }
    if (has(node, 'default') && !found.has('default') && /class|function/.test(declaration.kind))
      found.set('default', machine.callable(declaration, scope))
    return
  }
  const given = value ?? (has(node, '=') ? named(node)[0] : undefined)
  if (given) found.set('default', machine.evaluate(given, scope))
}

/** `export { up } from './other'`. Returns the files of which everything is exported. */
function exportedAgain(node: Node, machine: Evaluator, found: Map<string, Value>): Value[] {
  const source = node.kind === 'export_statement' ? field(node, 'source') : undefined
  if (!source) return []
  const from = moduleOf(plain(stringOf(source, machine.text)), source.span, machine)
  for (const clause of named(node).filter(({ kind }) => kind === 'export_clause'))
    for (const specifier of named(clause)) {
      const [name, alias] = [field(specifier, 'name'), field(specifier, 'alias')]
      if (name) found.set(machine.source(alias ?? name), machine.member(from, machine.source(name), name.span))
    }
  return has(node, '*') ? [from] : []
}

/** `export { up, back as down }`: exported name and local name. */
function laterExports(statements: readonly Node[], machine: Evaluator): (readonly [string, string])[] {
  return statements
    .filter(node => node.kind === 'export_statement' && !field(node, 'source'))
    .flatMap(node => named(node).filter(({ kind }) => kind === 'export_clause'))
    .flatMap(clause => named(clause))
    .flatMap(specifier => {
      const [name, alias] = [field(specifier, 'name'), field(specifier, 'alias')]
      return name ? [[machine.source(alias ?? name), machine.source(name)] as const] : []
    })
}
