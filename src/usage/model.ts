import type { Span } from '../parse/span.ts'
import { endingOf } from './code-file.ts'
import { type CodeText, lineAround, lineBefore } from './code-text.ts'
import { placesOf, type TableForms, wordsOf } from './forms.ts'

/** A class or declaration that a library maps to a table. */
export interface Model {
  /** The offset at which it names the table, or itself. */
  readonly at: number
  /** All of its text, from its first offset to the one after its last. */
  readonly span: Span
  /**
   * `declared`: it lists its columns, and a column that it does not list does not exist for code. `read`: the library reads the columns from
   * the database, as Active Record and Eloquent do.
   */
  readonly columns: 'declared' | 'read'
  /** Active Record: the program remembers the columns until it ends. */
  readonly remembers: boolean
}

/** The time for each grows with the file, and no file that a person writes has more of one table. */
export const mostModels = 20

/** Only the first matches of a pattern are looked at. */
export function matchesOf(code: string, pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = []
  for (const match of code.matchAll(pattern)) {
    if (found.length >= mostHeaders) break
    found.push(match)
  }
  return found
}

/** Declarations that are looked at in one file, of all tables. */
const mostHeaders = 400

/** The declarations of a file that are mapped to a table: by its name, or by the library's convention. */
export function modelsOf(file: CodeText, table: TableForms): Model[] {
  const known = modelsIn.get(file) ?? new Map<string, Model[]>()
  modelsIn.set(file, known)
  const before = known.get(table.exact)
  if (before) return before
  const models = allModelsOf(file, table).slice(0, mostModels)
  known.set(table.exact, models)
  return models
}

/** By file and table: each question about a column of the table asks again. */
const modelsIn = new WeakMap<CodeText, Map<string, Model[]>>()

function allModelsOf(file: CodeText, table: TableForms): Model[] {
  switch (endingOf(file.path)) {
    case 'prisma':
      return prisma(file, table)
    case 'rb':
      return activeRecord(file, table)
    case 'php':
      return [...eloquent(file, table), ...byName(file, table)]
    case 'py':
      return [...byName(file, table), ...django(file, table)]
    case 'rs':
      return [...diesel(file, table), ...byName(file, table)]
    case 'go':
      return [...ent(file, table), ...byName(file, table), ...byConvention(file, table)]
    case 'ex':
    case 'exs':
    case 'cs':
    case 'java':
    case 'kt':
    case 'scala':
    case 'ts':
    case 'mts':
    case 'js':
    case 'mjs':
    case 'cjs':
      return [...byName(file, table), ...byConvention(file, table)]
    default:
      return []
  }
}

/** Prisma maps a model to the table of its own name, or of that in `@@map`. */
function prisma({ code }: CodeText, { exact }: TableForms): Model[] {
  return blocksAfter(code, /^(?:model|view)\s+(\w+)\s*\{/gm).flatMap(({ name, at, span }) => {
    const mapped = /@@map\(\s*(?:name:\s*)?"([^"]*)"/.exec(code.slice(span[0], span[1]))?.[1]
    return (mapped ?? name) === exact ? [{ at, span, columns: 'declared' as const, remembers: false }] : []
  })
}

function activeRecord({ code }: CodeText, { exact, classes }: TableForms): Model[] {
  const header = /^[ \t]*class[ \t]+([\w:]+)[ \t]*<[ \t]*([\w:]*(?:Record|Base|Model))\b/m.exec(code)
  if (!header?.[1]) return []
  const named = /\btable_name\s*=\s*["':]([\w.]+)/.exec(code)?.[1]
  const own = header[1].split('::')
  const isIt =
    named === undefined ? classes.includes(own.at(-1) ?? '') || classes.includes(own.join('')) : tail(named) === exact
  return isIt
    ? [{ at: header.index + header[0].indexOf(header[1]), span: [0, code.length], columns: 'read', remembers: true }]
    : []
}

function eloquent({ code }: CodeText, { exact, classes }: TableForms): Model[] {
  const header =
    /^[ \t]*(?:final |abstract )*class[ \t]+(\w+)[ \t]+extends[ \t]+[\w\\]*(?:Model|Authenticatable|Pivot|User)\b/m.exec(
      code,
    )
  if (!header?.[1]) return []
  const named = /\$table\s*=\s*["']([\w.]+)/.exec(code)?.[1]
  const isIt = named === undefined ? classes.includes(header[1]) : tail(named) === exact
  return isIt ? [{ at: header.index, span: [0, code.length], columns: 'read', remembers: false }] : []
}

/**
 * True for a file that may have the models of one of these tables without naming it: Django makes the name of a table from the folder of the app and
 * the name of the class.
 */
export function mayDeclare(path: string, tables: readonly string[]): boolean {
  if (!path.endsWith('.py')) return false
  const parts = path.split('/')
  const name = parts.pop() ?? ''
  if (name !== 'models.py' && !parts.includes('models')) return false
  return tables.some(table => parts.some(part => table.startsWith(`${part}_`)))
}

/** Django puts the app's label before the name of the class. */
function django({ path, code }: CodeText, { exact }: TableForms): Model[] {
  if (!/\bmodels\./.test(code)) return []
  const labels = path.split('/').slice(0, -1)
  return matchesOf(code, /^class[ \t]+(\w+)[ \t]*[(:]/gm).flatMap(({ 0: header, 1: name = '', index }) => {
    const span = indented(code, index)
    const own = code.slice(span[0], span[1])
    // An abstract model has no table: its columns are in those of the classes that extend it.
    if (/\bdb_table\s*=|\babstract\s*=\s*True\b/.test(own)) return []
    const label = /\bapp_label\s*=\s*["'](\w+)/.exec(own)?.[1]
    const isIt = (label === undefined ? labels : [label]).some(each => `${each}_${name.toLowerCase()}` === exact)
    return isIt ? [{ at: index + header.indexOf(name), span, columns: 'declared' as const, remembers: false }] : []
  })
}

/** Diesel's `table!`, and the structs that say which table they are for. */
function diesel({ code }: CodeText, { exact }: TableForms): Model[] {
  return firstPlaces(code, exact).flatMap(at => {
    const before = code.slice(Math.max(0, at - 80), at)
    const isIt = /\btable!\s*\{\s*(?:use [^{}]*\s)?(?:\w+\.)?$|\btable_name\s*=\s*(?:[\w:]+::)?$/.test(before)
    return isIt ? [{ at, span: blockFrom(code, at), columns: 'declared' as const, remembers: false }] : []
  })
}

function firstPlaces(code: string, name: string): number[] {
  const found: number[] = []
  for (const at of placesOf(code, name)) {
    if (found.length >= mostHeaders) break
    found.push(at)
  }
  return found
}

/** What comes before a table's name in quotes where it is mapped, and where the columns are: after it, around it, or in the class after it. */
const mappings: readonly (readonly [RegExp, 'after' | 'around' | 'class'])[] = [
  // SeaORM, and Diesel before version 2
  [/#\[sea_orm\([^\][]*\btable_name\s*=\s*$/, 'class'],
  [/#\[table_name\s*=\s*$/, 'class'],
  // SQLAlchemy, Django, Sequelize, Objection, Lucid, Peewee
  [/(?:__tablename__|db_table|table_name|tableName|static table|\$table)\s*(?::\s*\w+\s*)?[=:]\s*$/, 'around'],
  [/\b(?:get\s+)?tableName\s*\(\s*\)\s*(?::\s*\w+\s*)?\{\s*return\s*$/, 'around'],
  // TypeORM, MikroORM, JPA, EF, Doctrine
  [
    /(?:@Entity|@Table|\[Table|ORM\\Table|@ViewEntity)\s*\((?:[^()]*\b(?:name|tableName|value)\s*[:=]|\s*\{)?\s*$/,
    'class',
  ],
  // Drizzle, SQLAlchemy's Table, Exposed, Slick
  [/(?:pgTable|[Tt]able(?:Creator)?|createTable)\s*(?:<[^<>()]*>\s*)?\(\s*(?:\w+,\s*)?$/, 'after'],
  // Ecto
  [/\bschema\s*(?:\(\s*)?$/, 'after'],
]

/** Declarations that name the table in quotes. */
function byName(file: CodeText, { exact }: TableForms): Model[] {
  const { code, text, literals, path } = file
  const found: Model[] = []
  let named = 0
  for (const [start, end] of literals) {
    if (found.length >= mostModels) break
    if (end - start > 200) continue
    const name = text.slice(start, end)
    if (tail(name) === exact && ++named > mostHeaders) break
    if (tail(name) !== exact) {
      // Go: `bun:"table:orders"`
      if (endingOf(path) === 'go' && /\bbun:"table:/.test(name) && [...placesOf(name, exact)].length > 0)
        found.push({ at: start, span: around(file, start), columns: 'declared', remembers: false })
      continue
    }
    const before = code.slice(Math.max(0, start - 161), start - 1)
    const isGo = endingOf(path) === 'go' && /TableName\(\)\s*string\s*\{\s*return\s*$/.test(before)
    if (isGo) {
      const type = /func\s*\(\s*(?:\w+\s+)?\*?(\w+)\s*\)\s*TableName/.exec(before)?.[1]
      const at = type === undefined ? -1 : code.indexOf(`type ${type} struct`)
      if (at !== -1) found.push({ at, span: blockFrom(code, at), columns: 'declared', remembers: false })
      continue
    }
    const where = mappings.find(([pattern]) => pattern.test(before))?.[1]
    if (where === undefined) continue
    const isElixir = /^exs?$/.test(endingOf(path))
    const span =
      where === 'around'
        ? around(file, start)
        : isElixir
          ? untilEnd(code, start)
          : blockFrom(code, where === 'class' ? classAfter(code, start) : start)
    found.push({ at: start, span, columns: 'declared', remembers: false })
  }
  return found
}

/** ent writes the table and the columns of a type as constants of a package. */
function ent({ code, text, literals }: CodeText, { exact }: TableForms): Model[] {
  const own = literals.find(
    ([start, end]) => text.slice(start, end) === exact && lineBefore(code, start) === '\tTable = "',
  )
  return own ? [{ at: own[0], span: [0, code.length], columns: 'declared', remembers: false }] : []
}

/** The annotation of a declaration that a library maps by its own name, without naming the table. */
const entity = /@Entity\b(?:\(\s*(?:\{\s*\}\s*)?\))?/g

const goStruct = /\btype\s+(\w+)\s+struct\s*\{\s*(?:gorm\.Model|ent\.Schema|bun\.BaseModel)\b/g

function byConvention({ path, code }: CodeText, { classes }: TableForms): Model[] {
  const model = (at: number): Model => ({ at, span: blockFrom(code, at), columns: 'declared', remembers: false })
  if (endingOf(path) === 'go') {
    return matchesOf(code, goStruct).flatMap(({ 0: header, 1: name = '', index }) =>
      classes.includes(name) ? [model(index + header.indexOf(name))] : [],
    )
  }
  return matchesOf(code, entity).flatMap(({ 0: header, index }) => {
    const after = index + header.length
    if (code[after] === '(') return []
    const rest = code.slice(after, after + 400)
    const start = rest.search(/\bclass\s/)
    if (start === -1 || /[;{]|@Table\b/.test(rest.slice(0, start))) return []
    const name = /^class\s+(\w+)/.exec(rest.slice(start))?.[1] ?? ''
    return classes.includes(name) ? [model(after + start + rest.slice(start).indexOf(name))] : []
  })
}

/** `app.orders` → `orders`. */
function tail(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** Blocks whose headers match, each with the first group as its name. */
function blocksAfter(
  code: string,
  header: RegExp,
): { readonly name: string; readonly at: number; readonly span: Span }[] {
  return matchesOf(code, header).map(match => {
    const at = match.index
    return { name: match[1] ?? '', at, span: blockFrom(code, at) }
  })
}

/** From a place to the end of the first block in braces after it, and of what is around the block. */
function blockFrom(code: string, from: number): Span {
  let depth = 0
  let hasBlock = false
  for (let at = from; at < code.length; at++) {
    const here = code[at]
    if (here === '{' || here === '(' || here === '[') {
      depth++
      hasBlock ||= here === '{'
    } else if (here === '}' || here === ')' || here === ']') {
      depth = Math.max(0, depth - 1)
      if (depth === 0 && hasBlock) return [from, at + 1]
    }
  }
  return [from, code.length]
}

/** The class or struct that an annotation is for. */
function classAfter(code: string, from: number): number {
  const at = code.slice(from, from + 2000).search(/\b(?:class|struct|interface|record|object)\s+\w/)
  return at === -1 ? from : from + at
}

/** The class around a place: by its indentation in Python, by its braces elsewhere. */
function around({ path, code }: CodeText, at: number): Span {
  // Django names the table in a class within the model.
  const headers = [
    ...code.slice(Math.max(0, at - 20_000), at).matchAll(/\b(?:class|struct|object|interface|type)\s+(?!Meta\b)\w+/g),
  ]
  const last = headers.at(-1)?.index
  const start = last === undefined ? undefined : last + Math.max(0, at - 20_000)
  // Sequelize's `define` and objects with settings come after the columns.
  if (start === undefined) return [0, code.length]
  if (endingOf(path) === 'py') return indented(code, start)
  const span = blockFrom(code, start)
  return span[1] < at ? [0, code.length] : span
}

/** From a line to the first later one that is no longer indented more. */
function indented(code: string, from: number): Span {
  const own = indentOf(code, from)
  for (let at = code.indexOf('\n', from); at !== -1; at = code.indexOf('\n', at + 1)) {
    const next = lineAround(code, at + 1)
    if (next.trim() !== '' && indentOf(code, at + 1) <= own && !/^\s*[)\]}]/.test(next)) return [from, at]
  }
  return [from, code.length]
}

/** Elixir: from `schema "orders" do` to the `end` of the same indentation. */
function untilEnd(code: string, from: number): Span {
  const own = indentOf(code, from)
  for (let at = code.indexOf('\n', from); at !== -1; at = code.indexOf('\n', at + 1)) {
    if (indentOf(code, at + 1) === own && /^\s*end\b/.test(lineAround(code, at + 1))) return [from, at]
  }
  return [from, code.length]
}

function indentOf(code: string, at: number): number {
  const line = lineAround(code, at)
  return line.length - line.trimStart().length
}

/** The characters in which the end of a list of columns is looked for. */
export const mostOfList = 20_000

/** Where a model lists the columns that it ignores. */
export function ignoringSpans(code: string, [start, end]: Span): Span[] {
  const found: Span[] = []
  for (const match of matchesOf(code.slice(start, end), /\bignored?_columns?\b/g)) {
    const at = start + match.index
    const close = code.slice(at, Math.min(end, at + mostOfList)).search(/[\])]|\n\s*\n/)
    found.push([at, close === -1 ? end : at + close + 1])
  }
  return found
}

/** For a column such as `user_id`: the name of the association that stands for it. */
export function associationOf(column: string): string | null {
  const words = wordsOf(column)
  return words.length > 1 && words.at(-1) === 'id' ? words.slice(0, -1).join('_') : null
}
