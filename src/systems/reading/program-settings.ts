import type { Grammar } from '../../code/language.ts'
import type { Called, Classed, Given, Imported, Settings as Read, Setting } from '../../code/settings/settings.ts'
import { jsonValue, strictJsonValue } from '../../parse/json.ts'
import { hasFile, join, textOf, upwards } from './files.ts'
import { isLoaded } from './grammars.ts'
import { lately } from './lately.ts'
import { onDemand } from './on-demand.ts'
import type { Tree } from './tree.ts'
import { yaml } from './yaml.ts'

/**
 * Settings in programs and in JSON: which names get which values. Programs are parsed, and never run. The parser is loaded for the first such file, so
 * ask only for files whose settings matter.
 */

const library = onDemand(async () => {
  const [{ readSettings }, { grammarOf }, grammar] = await Promise.all([
    import('../../code/settings/read.ts'),
    import('../../code/language.ts'),
    import('../../code/grammar.ts'),
  ])
  const known = new Map<Grammar, (text: string) => Read | null>()
  const read = (language: Grammar, text: string) => {
    const answer = known.get(language) ?? lately((each: string) => readSettings(language, each))
    known.set(language, answer)
    return answer(text)
  }
  return { read, grammarOf, ...grammar }
})
/** What a file of settings says. It is parsed as soon as a name in it is asked for. */
export class Settings {
  readonly path: string
  readonly #text: string
  readonly #parsed: () => Read | null

  constructor(path: string, text: string, parsed: () => Read | null) {
    this.path = path
    this.#text = text
    this.#parsed = parsed
  }

  /** The names that end in these, one inside of another, in the order of the file: `all('migrations', 'directory')`. */
  all(...names: readonly string[]): readonly Setting[] {
    return this.#all(names)
  }

  values(...names: readonly string[]): Given[] {
    return this.#all(names).map(({ value }) => value)
  }

  /** The first text that the name gets. */
  text(...names: readonly string[]): string | undefined {
    return this.textOf(names)
  }

  textOf(names: readonly string[]): string | undefined {
    return this.#texts(names)[0]
  }

  texts(...names: readonly string[]): string[] {
    return this.#texts(names)
  }

  #texts(names: readonly string[]): string[] {
    return this.#all(names).flatMap(({ value }) => textsOf(value)[0] ?? [])
  }

  /** True if the name gets this value somewhere. */
  says(value: string | number | boolean, ...names: readonly string[]): boolean {
    return this.#all(names).some(({ value: own }) => own.kind === 'known' && own.value === value)
  }

  /** True if the value of the name is unknown, or if nothing can read the file and the name is in it. */
  isUnknown(...names: readonly string[]): boolean {
    if (!this.#has(names)) return false
    return this.isUnread || this.#all(names).some(({ value }) => value.kind === 'unknown')
  }

  #all(names: readonly string[]): readonly Setting[] {
    if (!this.#has(names)) return []
    return this.#read.all.filter(({ path }) => {
      const start = path.length - names.length
      return start >= 0 && names.every((name, i) => path[start + i] === name)
    })
  }

  /** A text without one of the words does not have to be parsed. */
  #has(names: readonly string[]): boolean {
    return names.every(name => this.#text.includes(name))
  }

  calls(name: string): readonly Called[] {
    return this.#text.includes(name) ? this.#read.calls.filter(each => each.name === name) : []
  }

  /** All that it does other than giving values to names. */
  get allCalls(): readonly Called[] {
    return this.#read.calls
  }

  get imports(): readonly Imported[] {
    return this.#read.imports
  }

  get classes(): readonly Classed[] {
    return this.#read.classes
  }

  /** True if the name is in it, as a variable or as the name of a value. */
  uses(name: string): boolean {
    return this.#text.includes(name) && (this.#read.names.has(name) || this.all(name).length > 0)
  }

  /** True if nothing can read it: there is no parser, or it is too large. */
  get isUnread(): boolean {
    return this.#parsed() === null
  }

  get #read(): Read {
    return this.#parsed() ?? nothing
  }
}

const nothing: Read = { all: [], calls: [], names: new Set(), imports: [], classes: [] }

/** The texts of a value: one, or those of a list. */
export function textsOf(value: Given | undefined): string[] {
  if (value?.kind === 'list') return value.items.flatMap(textsOf)
  return value?.kind === 'known' && typeof value.value === 'string' ? [value.value] : []
}

/** The settings of a file; null: there is none. Its name says in which language it is; a file without an ending is JSON or JavaScript. */
export function settingsAt(tree: Tree, path: string): Settings | null {
  const text = hasFile(tree, path) ? textOf(tree, path) : null
  return text === null ? null : new Settings(path, text, () => parsed(path, text))
}

function parsed(path: string, text: string): Read | null {
  if (/\.ya?ml$/.test(path)) return fromData(yaml(text)[0])
  const isNamed = /[^/]\.\w+$/.test(path)
  if (path.endsWith('.json')) return fromData(jsonValue(text))
  const data = isNamed ? undefined : strictJsonValue(text)
  if (data !== undefined) return fromData(data)
  const code = library()
  // The reading is done again when the library is there.
  if (!code) return nothing
  const grammar = isNamed ? code.grammarOf(path) : 'typescript'
  if (grammar === null || !isLoaded(code, grammar)) return null
  // An object alone, as in JSON with comments, would be a block.
  return code.read(grammar, !isNamed && /^\s*\{/.test(text) ? `(${text})` : text)
}

/** The settings of the nearest of these files, in this directory or above it. */
export function nearestSettings(tree: Tree, dir: string, names: readonly string[]): Settings | null {
  for (const above of upwards(dir))
    for (const name of names) {
      const path = join(above, name)
      if (hasFile(tree, path)) return settingsAt(tree, path)
    }
  return null
}

/** Settings in JSON or YAML, as those of a program. */
function fromData(root: unknown): Read {
  const all: Setting[] = []
  const given = (value: unknown, path: readonly string[]): Given => {
    if (path.length > deepest) return { kind: 'unknown' }
    if (Array.isArray(value)) return { kind: 'list', items: value.map(each => given(each, path)) }
    if (typeof value !== 'object' || value === null)
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
        ? { kind: 'known', value }
        : { kind: 'unknown' }
    const entries = new Map<string, Given>()
    for (const [name, each] of Object.entries(value)) {
      const own = [...path, name]
      const at = all.length
      const found = given(each, own)
      // A name comes before those inside of it.
      all.splice(at, 0, { path: own, value: found })
      entries.set(name, found)
    }
    return { kind: 'record', entries, isOpen: false }
  }
  given(root, [])
  return { ...nothing, all }
}

const deepest = 40
