import type { CodeAnswer, CodeAnswers, CodePlace } from '../lint/code-use/code-use.ts'
import type { Removed } from '../lint/code-use/removed.ts'
import type { Source } from '../parse/script.ts'
import { isMade, isPage, writingOf } from './code-file.ts'
import { type CodeText, codeText, linesOf } from './code-text.ts'
import { columnUse, definesMethod, type FileUse, movedUse, tableUse } from './file-use.ts'
import { type Forms, formsOf, type TableForms, tableForms } from './forms.ts'
import { modelsOf } from './model.ts'
import { schemaUse, typeUse, valueUse } from './type-use.ts'

/** The texts to look for in the files of a repository, none with a line end. `answersOf` takes the files that have them. */
interface Plan {
  /** Texts that hardly mean anything else: a file that has one is read. */
  readonly distinctive: readonly string[]
  /** Whole words that mean many things: a file that has one is read if it names a table as well. */
  readonly common: readonly string[]
  /** Whole words that name the tables in question. */
  readonly tables: readonly string[]
  /** Whole words that name other tables. */
  readonly others: readonly string[]
}

/** A file that was read. */
export interface ReadFile {
  readonly path: string
  readonly text: string
}

/** The code that was searched. */
export interface CodeRead {
  /** The files that may name what is taken away, as they are now. */
  readonly files: readonly ReadFile[]
  /** Files that name other tables. */
  readonly others: readonly ReadFile[]
  /** The number of all files of code. */
  readonly searched: number
  /** False if something that should have been read was not. */
  readonly isComplete: boolean
  /** True when the time is over. The files that have not been searched by then leave the answer unknown. */
  readonly isOver?: () => boolean
  /** The code that is deployed; null: it is unknown. */
  readonly deployed: {
    /** For people: `origin/main`. */
    readonly name: string
    /** The files that differ from today's, as they were deployed. */
    readonly files: readonly ReadFile[]
    /** True for a file that is the same in both. */
    isSame(path: string): boolean
  } | null
}

const controls = /\p{Cc}/u

/** What to look for. Names that no program can contain are not looked for. */
export function plan(removed: readonly Removed[]): Plan {
  const distinctive = new Set<string>()
  const common = new Set<string>()
  const tables = new Set<string>()
  const others = new Set<string>()
  const add = (to: Set<string>, names: readonly string[]) => {
    for (const name of names) if (name.length > 1 && !controls.test(name)) to.add(name)
  }
  for (const { kind, of, name, others: beside } of removed) {
    add(others, beside)
    if (controls.test(`${of ?? ''}${name}`)) continue
    const forms = formsOf(name)
    if (of !== null) {
      add(kind === 'column' && forms.isDistinctive ? distinctive : common, kind === 'column' ? forms.all : [name])
      const table = tableForms(of)
      add(tables, [table.exact, ...table.classes])
    } else if (kind === 'type' || kind === 'schema') add(tables, [name])
    else {
      const table = tableForms(name)
      add(tables, [table.exact, ...table.classes])
    }
  }
  return { distinctive: [...distinctive], common: [...common], tables: [...tables], others: [...others] }
}

const mostPlaces = 6

/** What the code says about each name. */
export function answersOf(removed: readonly Removed[], read: CodeRead): CodeAnswers {
  const files = parsed(read.files)
  const before = parsed(read.deployed?.files ?? [])
  const naming = new NamingOthers(parsed(read.others))
  const sources = new Map<string, Source>()
  const known = new Map<string, CodeAnswer | null>()
  for (const each of removed) {
    const key = keyOf(each)
    if (known.has(key)) continue
    const answer = answerTo(each, { files, before, read, naming })
    known.set(key, answer)
    if (answer?.kind !== 'used') continue
    for (const { path } of answer.places) {
      const file = files.find(other => other.path === path)
      if (file) sources.set(path, { path, text: file.text })
    }
  }
  return { of: each => known.get(keyOf(each)) ?? null, sources }
}

function keyOf({ kind, schema, of, name, stays, movedTo }: Removed): string {
  return JSON.stringify([kind, schema, of, name, stays ?? false, movedTo ?? null])
}

function parsed(files: readonly ReadFile[]): CodeText[] {
  return files.flatMap(({ path, text }) => {
    const writing = writingOf(path)
    return writing && !isMade(text) ? [codeText(path, text, writing)] : []
  })
}

interface Searched {
  readonly files: readonly CodeText[]
  readonly before: readonly CodeText[]
  readonly read: CodeRead
  readonly naming: NamingOthers
}

function answerTo(removed: Removed, { files, before, read, naming }: Searched): CodeAnswer | null {
  let isComplete = read.isComplete
  const look = lookFor(removed, files)
  const each = (all: readonly CodeText[]) =>
    all.flatMap(file => {
      if (!read.isOver?.()) return [{ file, ...look(file) }]
      isComplete = false
      return []
    })
  const now = each(files)
  const used = placesIn(now)
  if (used.length > 0) return { kind: 'used', places: used.slice(0, mostPlaces), count: used.length }
  if (removed.stays) return null
  const { deployed } = read
  const then = each(before)
  const was = placesIn(then)
  if (deployed && was.length > 0)
    return {
      kind: 'deployed',
      where: deployed.name,
      cached: false,
      places: was.slice(0, mostPlaces),
      count: was.length,
    }
  if (deployed) {
    const running = [...then, ...now.filter(({ file }) => deployed.isSame(file.path))]
    const remembering = running.flatMap(({ file, remembers }) =>
      remembers === null ? [] : placesAt(file, [remembers]),
    )
    if (remembering.length > 0)
      return { kind: 'deployed', where: deployed.name, cached: true, places: remembering, count: remembering.length }
  }
  if (!isComplete || removed.kind === 'schema') return null
  const count = now.filter(({ naming: own }) => own > 0).length
  const isColumn = removed.kind === 'column'
  const isDistinctive = isColumn && formsOf(removed.name).isDistinctive
  const table = removed.of === null ? null : tableForms(removed.of)
  const maybe = [...now, ...then].some(
    each => each.maybe && (isDistinctive || !table || each.onRows || mentionsTable(each.file, table)),
  )
  if (maybe) return null
  const named = removed.of === null ? naming.count(removed.others) : count
  return named > 0 ? { kind: 'not found', searched: read.searched, naming: named } : null
}

function mentionsTable({ code }: CodeText, { exact, classes }: TableForms): boolean {
  return [exact, ...classes].some(name => code.includes(name))
}

function lookFor(removed: Removed, files: readonly CodeText[]): (file: CodeText) => FileUse {
  const { kind, of, name } = removed
  switch (kind) {
    case 'column': {
      const table = tableForms(of ?? '')
      const column: Forms = formsOf(name)
      const models = files.filter(file => modelsOf(file, table).some(({ columns }) => columns === 'read'))
      const reads =
        models.length > 0 && ![...models, ...files.filter(isMixed)].some(file => definesMethod(file, column))
      return file => columnUse(file, table, column, reads)
    }
    case 'table':
    case 'view': {
      const table = tableForms(name)
      const { movedTo } = removed
      return movedTo === undefined ? file => tableUse(file, table) : file => movedUse(file, table, movedTo)
    }
    case 'type': {
      const type = formsOf(name)
      return file => typeUse(file, type)
    }
    case 'enum value': {
      const type = tableForms(of ?? '')
      return file => valueUse(file, type, name)
    }
    case 'schema':
      return file => schemaUse(file, name)
  }
}

/** True for the concerns of Rails and the traits of PHP, which may give models their methods. */
function isMixed({ code }: CodeText): boolean {
  return code.includes('ActiveSupport::Concern') || /(?:^|\n)trait \w/.test(code)
}

/** The places of uses, one for each line: those outside of pages come first. */
function placesIn(found: readonly (FileUse & { readonly file: CodeText })[]): CodePlace[] {
  const inOrder = [...found].sort(
    (a, b) => Number(isPage(a.file.path)) - Number(isPage(b.file.path)) || (a.file.path < b.file.path ? -1 : 1),
  )
  const byFile = inOrder.map(({ file, uses }) => onePerLine(placesAt(file, uses)))
  // A place of each file, before further places of the same ones.
  return [...byFile.flatMap(places => places.slice(0, 1)), ...byFile.flatMap(places => places.slice(1))]
}

function onePerLine(places: readonly CodePlace[]): CodePlace[] {
  const lines = new Set<number>()
  return places.filter(({ line }) => !lines.has(line) && lines.add(line))
}

/** The words at offsets in ascending order. */
function placesAt({ path, text }: CodeText, offsets: readonly number[]): CodePlace[] {
  const lines = linesOf(text, offsets)
  return offsets.map((at, i) => {
    const word = /^[\p{L}\p{N}_$]+/u.exec(text.slice(at, at + 200))?.[0] ?? ' '
    return { path, line: lines[i] ?? 1, at: [at, at + word.length] }
  })
}

/** Counts the files that name tables, once for each list of tables. */
class NamingOthers {
  readonly #files: readonly CodeText[]
  readonly #known = new Map<string, number>()

  constructor(files: readonly CodeText[]) {
    this.#files = files
  }

  count(tables: readonly string[]): number {
    const key = JSON.stringify(tables)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const forms = tables.map(tableForms)
    const count = this.#files.filter(file => forms.some(table => tableUse(file, table).naming > 0)).length
    this.#known.set(key, count)
    return count
  }
}
