import type { Span } from '../parse/span.ts'
import { afterCall, builderPlaces, mostCalls } from './builder.ts'
import { type CallAround, callAround } from './call.ts'
import { endingOf, isPage } from './code-file.ts'
import { type CodeText, lineAround, lineBefore } from './code-text.ts'
import { type Forms, placesOf, type TableForms, wordBefore } from './forms.ts'
import { associationOf, ignoringSpans, type Model, matchesOf, modelsOf, mostModels, mostOfList } from './model.ts'
import { columnInQuery, qualifiedPlaces, qualifierBefore, queriesOn } from './sql-text.ts'

/** What one file says about a name. */
export interface FileUse {
  /** The number of declarations, queries and calls that are certainly about the table, or the type of an enum's value. */
  readonly naming: number
  /** Offsets of certain uses. */
  readonly uses: readonly number[]
  /** The name occurs in a way that may be a use. */
  readonly maybe: boolean
  /** It occurs on rows of the table, where a method may stand for it. */
  readonly onRows?: boolean
  /** The offset of a model that remembers the columns and does not ignore this one; null: there is none. */
  readonly remembers: number | null
}

/** Uses of a table, or of a view. */
export function tableUse(file: CodeText, table: TableForms): FileUse {
  const models = modelsOf(file, table)
  const uses = [
    ...models.map(({ at }) => at),
    ...queriesOn(file, table.exact).flatMap(query => named(file, query.span, table.exact)),
  ]
  for (const at of builderPlaces(file, table.exact)) uses.push(at)
  const maybe = mentions(file, table)
  return { naming: uses.length, uses: sorted(uses), maybe: maybe || uses.length > 0, remembers: null }
}

/** Uses of a table that has moved to another schema, by any name but the new one. */
export function movedUse(file: CodeText, table: TableForms, schema: string): FileUse {
  const { text } = file
  const there = new Set(
    modelsOf(file, table).flatMap(({ at, span: [start, end] }) =>
      ['"', "'"].some(quote => text.slice(Math.max(0, Math.min(start, at) - 100), end).includes(quote + schema + quote))
        ? [at]
        : [],
    ),
  )
  const use = tableUse(file, table)
  const uses = use.uses.filter(at => {
    const name = text.slice(at, at + table.exact.length + schema.length + 4)
    const isThere = qualifierBefore(text, at) === schema || name.startsWith(`${schema}.`)
    return !isThere && !there.has(at)
  })
  return { ...use, uses }
}

function mentions({ code }: CodeText, { exact, classes, isDistinctive }: TableForms): boolean {
  const names = isDistinctive ? [exact, ...classes] : [exact]
  return names.some(name => placesOf(code, name).next().done === false)
}

function named({ code }: CodeText, [start, end]: Span, name: string): number[] {
  const first = placesOf(code.slice(start, end), name).next()
  return first.done ? [] : [start + first.value]
}

/** Uses of a column of a table. `reads`: some model of the repository reads the table's columns from the database. */
export function columnUse(file: CodeText, table: TableForms, column: Forms, reads: boolean): FileUse {
  const { code } = file
  const models = modelsOf(file, table)
  const queries = queriesOn(file, table.exact)
  const calls = builderPlaces(file, table.exact)
  const ignored = models.flatMap(({ span }) => ignoringSpans(code, span))
  const isIgnored = (at: number) => ignored.some(([start, end]) => at >= start && at < end)
  const uses = new Set<number>()
  for (const model of models) for (const at of inModel(file, model, table, column)) uses.add(at)
  for (const query of queries)
    for (const at of columnInQuery(code, query, column.exact, column.isDistinctive)) uses.add(at)
  for (const at of calls) for (const place of afterCall(file, at, table, column)) uses.add(place)
  for (const at of qualifiedPlaces(file, table.exact, column.exact)) uses.add(at)
  const onRows = ofRows(file, table, column)
  if (reads) for (const at of onRows) uses.add(at)
  const certain = [...uses].filter(at => !isIgnored(at))
  const occurs = column.all.some(form => [...placesOf(code, form)].some(at => !isIgnored(at)))
  const remembering = models.find(
    ({ remembers }) => remembers && !ignored.some(([start, end]) => hasWord(code.slice(start, end), column.exact)),
  )
  return {
    naming: models.length + queries.length + calls.length,
    uses: sorted(certain),
    maybe: occurs || models.length >= mostModels || calls.length >= mostCalls,
    onRows: onRows.length > 0,
    remembers: remembering?.at ?? null,
  }
}

export function hasWord(text: string, name: string): boolean {
  return placesOf(text, name).next().done === false
}

/** The text before a method or a computed value of this name, which is not the column. */
const method = /\b(?:def|get|set|fn|fun|func|function)\s+(?:self\.)?$/

/** Macros of Rails that make methods, and none of which names a column. */
const macros =
  /^\s*(?:attribute|attr_\w+|delegate|alias_attribute|alias_method|has_one|has_many|store_accessor|before_\w+|after_\w+|validate|[A-Z][A-Z_]*\s*=)(?:\s|\()|^\s*scope[\s(]+:?$/

/** True if the place names a method, or an argument of such a macro. */
function isComputed(code: string, at: number): boolean {
  const before = lineBefore(code, at)
  return method.test(before) || macros.test(before)
}

/** Calls of Rails and Laravel that take columns. */
const columnCalls =
  /\b(?:validates?\w*|enum|normalizes|encrypts|serialize|where|not|rewhere|order|reorder|pluck|pick|select|group|having|find_by!?|find_or_\w+|update\w*|create\w*|insert\w*|upsert\w*|exists\?|minimum|maximum|sum|average|increment!?|decrement!?|touch|permit|field|fillable|casts|guarded|hidden|dates|orderBy|whereNotNull|whereNull|whereIn)\b/

/** Words with which a declaration says the column's name itself. */
const explicit =
  /(?:\b(?:name|db_column|columnName|column|source|field)\s*[:=]\s*:?["']?|(?:@map|@Column|mapped_column|Column|@JoinColumn|@Property|\[Column)\(\s*["']|:\s*\w+\(\s*["']|\b(?:db|bun|gorm):"(?:column:)?)(\w+)/

/** The column that a declaration names itself. ent names it in a constant. */
function namedIn(declaration: string): string | undefined {
  const [, constant = '', value] = /^\t(\w+) = "(\w+)"/.exec(declaration) ?? []
  if (constant.startsWith('Field') || constant.endsWith('Column')) return value
  return explicit.exec(declaration)?.[1]
}

/** The names of the lists in which a model of Eloquent names its columns. */
const listNames = /\$(?:casts|fillable|guarded|hidden|visible|dates|attributes)\b|\bfunction casts\b/g

/** Those lists: from their bracket to the semicolon after it. */
function listsOfEloquent(code: string): Span[] {
  return matchesOf(code, listNames).flatMap(({ 0: name, index }): Span[] => {
    const after = code.slice(index + name.length, index + name.length + 100)
    const opening = after.indexOf('[')
    if (opening === -1 || after.slice(0, opening).includes(';')) return []
    const start = index + name.length + opening + 1
    const end = code.indexOf('];', start)
    return [[start, end === -1 || end > start + mostOfList ? start + mostOfList : end]]
  })
}

/**
 * True if a file has a method of this name, which hides the column, or takes its place. Eloquent's are called `note(): Attribute` and
 * `getNoteAttribute()`.
 */
export function definesMethod({ code, path }: CodeText, { exact, all }: Forms): boolean {
  if ([...placesOf(code, exact)].some(at => isComputed(code, at))) return true
  if (endingOf(path) !== 'php') return false
  return all.some(
    form =>
      hasWord(code, `get${form}Attribute`) ||
      [...placesOf(code, form)].some(
        at =>
          method.test(lineBefore(code, at)) &&
          /^\(\)\s*:\s*\??Attribute\b/.test(code.slice(at + form.length, at + form.length + 40)),
      ),
  )
}

function inModel(file: CodeText, { span, columns }: Model, table: TableForms, column: Forms): number[] {
  const { code, path } = file
  const [start, end] = span
  const own = code.slice(start, end)
  const isShadowed = columns === 'read' && definesMethod(file, column)
  const found: number[] = []
  const isPrisma = endingOf(path) === 'prisma'
  const listed = columns === 'read' && endingOf(path) === 'php' ? listsOfEloquent(code) : []
  // Active Record and Eloquent have the column's own name for attributes; others are names of methods.
  const forms = isPrisma || columns === 'read' ? [column.exact] : column.all
  for (const form of forms) {
    for (const place of placesOf(own, form)) {
      const at = start + place
      const line = lineAround(code, at)
      if (isComputed(code, at) || isRelation(code, at, form.length, column.exact)) continue
      if (isPrisma && !isField(code, line, column.exact)) continue
      const isQuoted = /["'`:]/.test(code.charAt(at - 1))
      if (columns === 'declared' && !isPrisma) {
        const declared = declaration(code, at)
        // Diesel takes the value of such a field from something else.
        if (/#\[diesel\(select_expression\b/.test(declared)) continue
        const named = namedIn(declared)
        if (
          isQuoted
            ? named !== column.exact && !/\b(?:field|belongs_to)\b/.test(line)
            : named !== undefined && named !== column.exact
        )
          continue
        if (!isQuoted && !declares(code, at, form, indentOf(code, start))) continue
      }
      if (
        columns === 'read' &&
        !(isQuoted && listed.some(([from, to]) => at >= from && at < to)) &&
        (isShadowed || !(isOwn(code, at, table) || ((isQuoted || isKey(code, at, form)) && isOfModel(code, at, table))))
      )
        continue
      found.push(at)
    }
  }
  const association = associationOf(column.exact)
  if (association !== null && !isPrisma) {
    for (const place of placesOf(own, association)) {
      const line = lineAround(code, start + place)
      if (/\b(?:belongs_to|belongsTo|ForeignKey|OneToOneField)\b/.test(line) && !/foreign_key|db_column/.test(line))
        found.push(start + place)
    }
  }
  return found
}

/**
 * An association of Ecto, or a field of Django, Peewee or SQLAlchemy for another object. Its column has `_id` behind its name, unless the field
 * gives another name, or is in another table.
 */
function isRelation(code: string, at: number, length: number, column: string): boolean {
  if (/\b(?:belongs_to|has_one|has_many|many_to_many)[\s(]+:$/.test(lineBefore(code, at))) return true
  const after = code.slice(at + length, at + length + 400)
  const kind = /^\s*(?::[^=\n]*)?=\s*(?:\w+\.)*(\w+)\(/.exec(after)?.[1] ?? ''
  if (/^(?:relationship|ManyToManyField|GenericForeignKey|GenericRelation)$/.test(kind)) return true
  if (!/^(?:ForeignKey|OneToOneField|ForeignKeyField)$/.test(kind)) return false
  return !new Set(after.match(/(?<=["'])\w+(?=["'])/g)).has(column)
}

/** A field of Prisma that is the column: by its own name, or by `@map`. Fields of other models have no column. */
function isField(code: string, line: string, column: string): boolean {
  const mapped = /@map\(\s*(?:name:\s*)?"([^"]*)"/.exec(line)?.[1]
  if (mapped !== undefined) return mapped === column
  const [name, type] = line.trim().split(/\s+/)
  if (name !== column || type === undefined || line.includes('@relation') || type.endsWith('[]')) return false
  return !code.includes(`model ${type.replace('?', '')} {`)
}

/** True for words and annotations that stand before the name of a field: `@Column() private readonly`, `pub`, `String`. */
function areModifiers(before: string): boolean {
  if (before.trim() === '') return true
  if (before.length > 400 || !/\s$/.test(before)) return false
  let depth = 0
  let outside = ''
  for (const each of before) {
    if (each === ')') depth--
    if (depth === 0 && each !== '(' && each !== ')') outside += each
    if (each === '(') depth++
  }
  const isAnnotated = outside.trimStart().startsWith('@')
  if (depth !== 0 || (before.includes('(') && !isAnnotated)) return false
  return outside.split(/\s+/).every(each => /^[@\w$.<>?[\],*]*$/.test(each))
}

/** True for the name of a field where it is declared: with modifiers or a type before it, and a type, a value or an end after it. */
function declares(code: string, at: number, name: string, indent: number): boolean {
  const before = lineBefore(code, at)
  if (!areModifiers(before) || /\b(?:return|await|throw|new|yield|if|else|for|in|not|and|or|const|let)\s/.test(before))
    return false
  // Python: a variable of a method is indented more than a field.
  if (/^\s*$/.test(before) && before.length > indent + 8) return false
  const after = code.slice(at + name.length, at + name.length + 40)
  const next = after.trimStart()
  const isTyped =
    /^[?!]?\s*:(?!:)|^=(?!=|>)|^->|^\{\s*(?:get|init)/.test(next) || (next !== after && /^[\w*[\]]/.test(next))
  return isTyped || (before.trim() !== '' && /^\s*(?:;|,|$|\))/.test(after))
}

function indentOf(code: string, at: number): number {
  const line = lineAround(code, at)
  return line.length - line.trimStart().length
}

/** The lines of annotations above a place, and its own line. */
function declaration(code: string, at: number): string {
  const lines = code.slice(Math.max(0, at - 400), at).split('\n')
  const own = lineAround(code, at)
  const above: string[] = []
  for (let i = lines.length - 2; i >= 0 && above.length < 6; i--) {
    const line = lines[i] ?? ''
    if (!/^\s*(?:@|\[|#\[)/.test(line)) break
    above.unshift(line)
  }
  return [...above, own].join('\n')
}

/** `note:` */
function isKey(code: string, at: number, name: string): boolean {
  return /^:(?!:)/.test(code.slice(at + name.length, at + name.length + 2))
}

/** `self.note`, `@order.note`: an attribute of the row itself. */
function isOwn(code: string, at: number, table: TableForms): boolean {
  const receiver = receiverBefore(code, at)
  return receiver !== undefined && (receiver === 'self' || receiver === '$this' || isRow(receiver, table))
}

/** The places where the rows of a model that reads its columns have one: `order.note`, and `note:` or `:note` if the file names the class. */
function ofRows(file: CodeText, table: TableForms, column: Forms): number[] {
  const { code, path } = file
  if (!/^(?:rb|rake|erb|haml|slim|jbuilder|php)$/.test(endingOf(path))) return []
  const named = table.classes.some(name => hasWord(code, name))
  return [...placesOf(code, column.exact)].filter(at => {
    const before = code.slice(Math.max(0, at - 80), at)
    const receiver = receiverBefore(code, at)
    if (receiver !== undefined) return isRow(receiver, table)
    if (!column.isDistinctive || !named || isPage(path)) return false
    const isNamed = isKey(code, at, column.exact) || /(?:(?:^|[^:]):|["'])$/.test(before)
    return isNamed && isOfRows(code, at, table)
  })
}

/** The name of the object whose attribute is named at a place: `order` of `order.note`, `order&.note` and `$order->note`. */
function receiverBefore(code: string, at: number): string | undefined {
  const before = code.slice(Math.max(0, at - 4), at)
  const operator = ['&.', '?->', '->', '.'].find(each => before.endsWith(each))
  return operator === undefined ? undefined : wordBefore(code, at - operator.length)
}

/** True for a call, or a line with a call, that takes columns. */
function takesColumns(code: string, at: number, call: CallAround | null): boolean {
  return columnCalls.test(lineAround(code, at)) || columnCalls.test(call?.chain.at(-1) ?? '')
}

/** The start of a chain that is about the model in whose file it is: itself, or a call of its class without a receiver. */
const ownHeads =
  /^(?:self|static|this|query|unscoped|all|where|rewhere|joins|left_joins|left_outer_joins|includes|preload|eager_load|reorder|distinct|limit)$/

/** In the file of the model itself: true unless the place is an argument of a call on something else, or in a hash of its own. */
function isOfModel(code: string, at: number, table: TableForms): boolean {
  const call = callAround(code, at)
  if (!takesColumns(code, at, call)) return false
  if (call === null) return true
  if (call.key !== null) return /^(?:uniqueness|scope)$/.test(call.key) || isRow(call.key, table)
  const [head = ''] = call.chain
  return call.chain.length < 2 || ownHeads.test(head) || isRow(head, table)
}

/** In any other file: true for an argument of a call on the class or on its rows, or in a hash that has the name of the rows. */
function isOfRows(code: string, at: number, table: TableForms): boolean {
  const call = callAround(code, at)
  if (call === null || !takesColumns(code, at, call)) return false
  if (call.key !== null) return isRow(call.key, table)
  const [head = ''] = call.chain
  return /^[A-Z]/.test(head) ? table.classes.includes(head) : call.chain.some(each => isRow(each, table))
}

function isRow(receiver: string, { variables, classes }: TableForms): boolean {
  const name = receiver.replace(/^\$/, '')
  if (classes.includes(name)) return true
  return variables.some(each => name === each || name.endsWith(`_${each}`))
}

export function sorted(places: readonly number[]): number[] {
  return [...new Set(places)].sort((a, b) => a - b)
}
