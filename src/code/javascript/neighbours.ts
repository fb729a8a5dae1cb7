import type { Span } from '../../parse/span.ts'
import { candidatesOf, deepestImport, largestImported, mostImported } from '../candidates.ts'
import { programOf } from '../grammar.ts'
import { TooMuch } from '../limit.ts'
import type { Program } from '../node.ts'
import { inTree } from '../path.ts'
import { reaches } from '../reach.ts'
import { Run } from '../run.ts'
import { plain, textAt, unknownIn } from '../text.ts'
import { type Call, type Host, known, list, record, unknown, type Value } from '../value.ts'
import { aliasedPaths } from './alias.ts'
import { Evaluator } from './evaluator.ts'
import { fileOfProject, type Module, moduleFrom } from './module.ts'
import { withoutTypesOfTemplates } from './type-arguments.ts'

/** How deep the values are that its functions get. */
const deepest = 4
/** Times 256 steps. */
const mostChecks = 160
const why = 'it comes from another file'
const nothingOffered = new Map<string, Value>()

/** A file of the project that a migration imports. */
interface Neighbour {
  readonly machine: Evaluator
  readonly module: Module
  /** What `require` of it gives, if its exports are one value. */
  readonly whole: Value | undefined
}

/**
 * Files that a program imports by a relative path, or by a name that the configuration of TypeScript gives a folder. Their constants are
 * values of the program, at the place of its import; functions of theirs are called if they only calculate something from data. What may
 * reach the database there stays unknown.
 */
export class Neighbours {
  readonly #run: Run
  readonly #known = new Map<string, Neighbour | null>()
  readonly #aliased = new Map<string, readonly string[]>()
  #checks = 0

  constructor(run: Run) {
    this.#run = run
  }

  /** The value of a module, as the file at this path imports it; null: it is not a file of the project, or not read. */
  of(own: string, name: string, at: Span, depth = 0): Value | null {
    if (depth >= deepestImport) return null
    for (const path of this.#paths(own, name)) {
      const found = this.#first(path, depth)
      if (found) return this.#valueOf(found, at)
    }
    return null
  }

  /** Where an import may lead: a relative path, or one that the configuration of TypeScript gives another name. */
  #paths(own: string, name: string): readonly string[] {
    if (/^\.{1,2}\//.test(name)) return [inTree(own, name) ?? []].flat()
    const { beside } = this.#run
    const key = `${own} ${name}`
    const known = this.#aliased.get(key) ?? (beside ? aliasedPaths(own, name, beside) : [])
    this.#aliased.set(key, known)
    return known
  }

  #first(path: string, depth: number): Neighbour | null {
    for (const candidate of candidatesOf(path)) {
      const before = this.#known.get(candidate)
      if (before !== undefined) return before
      const text = this.#run.beside?.textOf(candidate) ?? null
      if (text === null) continue
      // A file that imports itself sees nothing of it.
      this.#known.set(candidate, null)
      const found =
        this.#known.size > mostImported || text.length > largestImported ? null : this.#read(candidate, text, depth)
      this.#known.set(candidate, found)
      return found
    }
    return null
  }

  #read(path: string, text: string, depth: number): Neighbour | null {
    try {
      const program = parsed(text, this.#check)
      if (program === null || program.broken.length > 0) return null
      const { beside } = this.#run
      const run = new Run(this.#check, undefined, beside && { ...beside, path })
      const machine = new Evaluator(run, text, nothingOffered, (name, at) => this.of(path, name, at, depth + 1))
      const module = moduleFrom(program, machine)
      if (run.deeds.length > 0) return null
      const isCommon = !program.root.children.some(({ kind }) => kind === 'export_statement')
      return { machine, module, whole: isCommon ? module.exports.get('default') : undefined }
    } catch (error) {
      if (error instanceof TooMuch) return null
      throw error
    }
  }

  readonly #check = () => {
    this.#run.step(256)
    if (++this.#checks > mostChecks) throw new TooMuch('the files that it imports are too large')
  }

  #valueOf({ machine, module: { exports, others }, whole }: Neighbour, at: Span): Value {
    if (whole) return this.#moved(whole, at, machine)
    const made: Host = {
      kind: 'host',
      name: fileOfProject,
      isInert: true,
      get: (name, place) => {
        const value = exports.get(name)
        if (value) return this.#moved(value, place, machine, name)
        for (const other of others) {
          const found = other.kind === 'host' && other.name === fileOfProject ? other.get?.(name, place) : undefined
          if (found && found.kind !== 'unknown') return found
        }
        return unknown(why, place, true, name)
      },
    }
    return made
  }

  /** The value at a place of the program that imports it. */
  #moved(value: Value, at: Span, machine: Evaluator, name?: string): Value {
    this.#run.step()
    const inside = (each: Value, own?: string) => this.#moved(each, at, machine, own)
    switch (value.kind) {
      case 'plain':
        return known(value.value, at)
      case 'text':
        return unknownIn(value) === null ? textAt(plain(value), at) : unknown(why, at, true, name)
      case 'list': {
        const made = list(
          value.items.map(each => inside(each)),
          at,
        )
        if (value.isOpen) made.isOpen = true
        return made
      }
      case 'record': {
        const made = record(
          [...value.entries].map(([key, each]) => [key, inside(each, key)] as const),
          at,
        )
        if (value.isOpen || value.base) made.isOpen = true
        return made
      }
      case 'callable':
        return value.node?.kind.includes('class')
          ? unknown(why, at, true, name ?? value.name)
          : this.#function(value, machine, name ?? value.name)
      default:
        return unknown(why, at, true, name)
    }
  }

  /** A function of another file: called with data, it gives data, or its answer is unknown. */
  #function(value: Value, machine: Evaluator, name: string): Host {
    const call = ({ args, at, argsAt }: Call): Value => {
      const reason = `\`${name}\`: ${why}`
      if (args.some(arg => reaches(arg))) return this.#run.notRead(at, reason)
      const answer: Value = { ...unknown(reason, at, true), isAnswer: true }
      if (!args.every(arg => isData(arg, deepest))) return answer
      const { deeds } = machine.run
      const before = deeds.length
      try {
        const result = machine.run.settle(machine.call(value, args, { at, nameAt: at, argsAt }), at)
        if (deeds.length > before) return this.#run.notRead(at, reason)
        return result.kind === 'unknown' ? answer : this.#moved(result, at, machine, name)
      } catch (error) {
        if (error instanceof TooMuch) return answer
        throw error
      } finally {
        deeds.splice(before)
      }
    }
    return { kind: 'host', name, isInert: true, call }
  }
}

function isData(value: Value, levels: number): boolean {
  switch (value.kind) {
    case 'text':
    case 'plain':
      return true
    case 'unknown':
      return !value.mayReach
    case 'list':
      return levels > 0 && value.items.every(each => isData(each, levels - 1))
    case 'record':
      return levels > 0 && !value.base && [...value.entries.values()].every(each => isData(each, levels - 1))
    default:
      return false
  }
}

/** Several migrations import the same files, so these are parsed once, as long as those that were needed last have this many UTF-16 units. */
const mostLatest = 2_000_000
const latest = new Map<string, Program | null>()
let length = 0

function parsed(text: string, check: () => void): Program | null {
  const before = latest.get(text)
  const program = before === undefined ? programOf('typescript', withoutTypesOfTemplates(text), check) : before
  if (before === undefined) length += text.length
  latest.delete(text)
  latest.set(text, program)
  for (const oldest of latest.keys()) {
    if (length <= mostLatest) break
    latest.delete(oldest)
    length -= oldest.length
  }
  return program
}
