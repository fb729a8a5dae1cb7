import type { Program } from '../node.ts'
import type { CodeReader, Direction } from '../reader.ts'
import type { Run } from '../run.ts'
import { entry, type Value } from '../value.ts'
import { Evaluator } from './evaluator.ts'
import type { Machine } from './machine.ts'
import { isClass, type Module, moduleFrom } from './module.ts'
import { Neighbours } from './neighbours.ts'

/**
 * Reads one direction of a migration in JavaScript or TypeScript into the run. Returns null, or a clause that says why nothing of it
 * could be read.
 */
export function readJavaScript(
  program: Program,
  text: string,
  reader: CodeReader,
  run: Run,
  direction: Direction,
): string | null {
  const neighbours = new Neighbours(run)
  const own = run.beside?.path
  const neighbour: Machine['neighbour'] = (name, at) => (own === undefined ? null : neighbours.of(own, name, at))
  const machine = new Evaluator(run, text, reader.modules?.(run) ?? new Map(), neighbour)
  const module = moduleFrom(program, machine)
  const { root } = program
  const found = entryOf(module, reader, run, direction, machine)
  if (!found) return direction === 'up' ? 'no function `up` was found in it' : null
  const main = module.exports.get('default')
  const args = reader.args(run, name => module.exports.get(name) ?? entry(main, name))
  const way = { at: root.span, nameAt: root.span, argsAt: args.map(() => root.span) }
  const value = machine.call(found.callee, args, { ...way, ...(found.self && { self: found.self }) })
  const settled = run.settle(value, root.span)
  if (settled.kind === 'list') for (const item of settled.items) run.settle(item, root.span)
  reader.end?.(run)
  return null
}

interface Entry {
  readonly callee: Value
  readonly self?: Value
}

/** The function that the tool calls: exported, in the object or class that is the default export, or in a class of the file. */
function entryOf(module: Module, reader: CodeReader, run: Run, direction: Direction, machine: Evaluator): Entry | null {
  const direct = module.exports.get(direction)
  if (direct && reader.entry === 'exports') return { callee: direct }
  const main = module.exports.get('default')
  const fromRecord = entry(main, direction)
  if (fromRecord && main) return { callee: fromRecord, self: main }
  for (const each of [main, ...module.classes]) {
    if (!isClass(each)) continue
    const way = { at: each.at, nameAt: each.at, argsAt: [] }
    const instance = machine.call(each, [], way)
    const callee = entry(instance, direction) ?? each.entries.get(direction)
    if (!callee || callee.kind === 'unknown') continue
    if (instance.kind === 'record' && reader.self) instance.base = reader.self(run)
    return { callee, self: instance }
  }
  return direct ? { callee: direct } : null
}
