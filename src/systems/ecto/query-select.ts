import { isAtom } from '../../code/elixir/literal.ts'
import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import type { Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'
import { inQuotes } from './column.ts'
import { type Bound, formOf, word } from './query.ts'
import { type Around, expression } from './query-expression.ts'

/** What a query selects: `collect_fields` of lib/ecto/query/planner.ex. */

export interface Selected {
  readonly sql: Text
  /** The name of the column in a query around this one. */
  readonly name: Text | null
}

/** The sources of the query, by their places. */
export interface Sources {
  readonly nameOf: (place: number) => Text
  /** All columns; null: they are not known. */
  readonly columnsOf: (place: number) => readonly Text[] | null
  readonly around: (bound: Bound) => Around
  readonly at: Span
}

export function selected(select: Bound | null, sources: Sources): Selected[] {
  if (!select) return columnsOf(0, sources)
  const selection = new Selection(select, sources)
  selection.collect(select.code, null)
  return [...selection.ofFirst, ...selection.others]
}

function columnsOf(place: number, { nameOf, columnsOf, at }: Sources): Selected[] {
  const names = columnsOf(place)
  if (!names) throw new NotRead('the columns of the schema are not known', at)
  return names.map(name => ({ sql: sqlAt(at)`${nameOf(place)}.${inQuotes(name)}`, name }))
}

class Selection {
  readonly others: Selected[] = []
  /** The columns of the first source as a whole come before all others. */
  ofFirst: Selected[] = []
  readonly #select: Bound
  readonly #sources: Sources
  readonly #around: Around

  constructor(select: Bound, sources: Sources) {
    this.#select = select
    this.#sources = sources
    this.#around = sources.around(select)
  }

  collect(code: Value, name: Text | null): void {
    const { form, items, at } = formOf(code)
    const [first] = items
    switch (form) {
      case 'name': {
        const place = this.#placeOf(code)
        if (place > 0) append(this.others, columnsOf(place, this.#sources))
        else if (this.ofFirst.length === 0) this.ofFirst = columnsOf(0, this.#sources)
        return
      }
      case 'value':
      case 'float':
        // Literals stay on this side; a list of atoms names columns.
        if (first?.kind === 'list') this.ofFirst = this.#taken(first.items, 0)
        return
      case 'list': {
        const values = items.map(each => (formOf(each).form === 'value' ? formOf(each).items[0] : null))
        if (values.length > 0 && values.every(each => each !== null)) this.ofFirst = this.#taken(values, 0)
        else for (const each of items) this.collect(each, null)
        return
      }
      case 'tuple':
        for (const each of items) this.collect(each, null)
        return
      case 'map':
      case 'keywords':
        for (const pair of items) {
          const [key, value] = formOf(pair).items
          if (value) this.collect(value, key?.kind === 'text' ? key : null)
        }
        return
      case 'field':
        this.others.push({
          sql: expression(code, this.#around),
          name: name ?? (first?.kind === 'text' ? first : null),
        })
        return
      case 'call':
        if (/^(?:map|struct)$/.test(word(first))) return this.#fields(items, at)
        if (word(first) === 'merge') throw new NotRead('what it selects is not read', at)
    }
    this.others.push({ sql: expression(code, this.#around), name })
  }

  #placeOf(code: Value): number {
    const { items, at } = formOf(code)
    const place = this.#select.names.get(word(items[0]))
    if (place === undefined) throw new NotRead(`\`${word(items[0])}\` in the query is not known`, at)
    return place
  }

  /** `map(x, [:id, :name])`, `struct(x, [:id, :name])` */
  #fields([, of, list]: readonly Value[], at: Span): void {
    const own = list && formOf(list)
    if (!of || formOf(of).form !== 'name' || own?.form !== 'list') throw new NotRead('what it selects is not read', at)
    const place = this.#placeOf(of)
    const taken = this.#taken(
      own.items.map(each => formOf(each).items[0]),
      place,
    )
    if (place === 0) this.ofFirst = taken
    else append(this.others, taken)
  }

  /** Columns by their names: `select: [:id, :name]`. */
  #taken(names: readonly (Value | undefined)[], place: number): Selected[] {
    const { nameOf, at } = this.#sources
    return names.map(name => {
      if (name?.kind !== 'text' || !isAtom(name)) throw new NotRead('what it selects is not read', at)
      return { sql: sqlAt(at)`${nameOf(place)}.${inQuotes(name)}`, name }
    })
  }
}
