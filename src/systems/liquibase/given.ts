import { NotRead } from '../../code/given/not-read.ts'
import { type Sql, sqlAt } from '../../code/given/sql.ts'
import { cut, hole, joined, plain, quoted, replaced, type Text, textAt, trimmed, unknownIn } from '../../code/text.ts'
import { reservedWords } from '../../parse/reserved.ts'
import type { Span } from '../../parse/span.ts'
import type { Part } from './change.ts'
import type { Included } from './included.ts'

/** Facts that are the same for all changes of a changelog. */
export interface Changelog {
  /** How other changelogs include it. */
  readonly included: Included
  /** `<property>` of this changelog and of others, by name. */
  readonly properties: ReadonlyMap<string, string>
  /** The schema that Liquibase writes before names without one. */
  readonly schema: string
  /** The text of a file that a change names, and why it is not what Liquibase sends; null: the file does not exist. */
  readonly file: (
    path: string,
    isRelative: boolean,
    encoding: string | null,
  ) => { readonly text: string; readonly problem: string | null } | null
}

/** A change with the facts of its changelog. It records which values were read, so that the rest is known to be unread. */
export class Given {
  readonly part: Part
  readonly changelog: Changelog
  readonly sql: Sql
  readonly quotesAll: boolean
  readonly #read = new Set<string>()

  constructor(part: Part, changelog: Changelog, quotesAll: boolean) {
    this.part = part
    this.changelog = changelog
    this.quotesAll = quotesAll
    this.sql = sqlAt(part.nameAt)
  }

  get at(): Span {
    return this.part.at
  }

  of(part: Part): Given {
    return new Given(part, this.changelog, this.quotesAll)
  }

  /** Its parts with this name. */
  parts(name: string): Given[] {
    this.#read.add(name)
    return this.part.parts.filter(each => each.name === name).map(each => this.of(each))
  }

  /** A value, or the text of the part with that name; null: missing or empty. */
  text(name: string): Text | null {
    this.#read.add(name)
    const found = this.part.values.get(name) ?? this.part.parts.find(each => each.name === name)?.text
    if (!found) return null
    const said = this.#withProperties(found)
    return plain(said) === '' ? null : said
  }

  /** The text in the part itself, or its value with that name. */
  content(name: string): Text | null {
    const own = this.#withProperties(this.part.text)
    return plain(own).trim() === '' ? this.text(name) : own
  }

  required(name: string): Text {
    const found = this.text(name)
    if (!found) throw new NotRead(`\`${name}\` is missing`, this.part.nameAt)
    return found
  }

  /** A value as a plain string; null: missing. Throws NotRead where it is unknown. */
  word(name: string): string | null {
    const found = this.text(name)
    if (!found) return null
    const why = unknownIn(found)
    if (why !== null) throw new NotRead(why, this.part.nameAt)
    return plain(found)
  }

  isTrue(name: string): boolean {
    return this.word(name)?.toLowerCase() === 'true'
  }

  /** Values that change nothing on PostgreSQL. */
  passOver(names: readonly string[]): void {
    for (const name of names) this.#read.add(name)
  }

  /** Marks everything in it as having no effect. */
  passOverAll(): void {
    for (const name of this.part.values.keys()) this.#read.add(name)
    for (const { name } of this.part.parts) this.#read.add(name)
  }

  /** Throws NotRead if a value or a part was not read, because its effect is unknown. */
  finish(): void {
    const all = [...this.part.values.keys(), ...this.part.parts.map(({ name }) => name)]
    const left = all.find(name => !this.#read.has(name) && !/^xmlns|^xsi:/.test(name))
    if (left !== undefined) throw new NotRead(`\`${left}\` is not read`, this.part.nameAt)
  }

  /** A name, with quotes where Liquibase writes them: PostgresDatabase.escapeObjectName. */
  name(name: Text): Text {
    const said = trimmed(name)
    const text = plain(said)
    // A name in upper case is folded, because Liquibase writes it without quotes.
    const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text)
    const isBare = /^[a-z_][a-z0-9_$]*$/i.test(text) && !isMixed && !reservedWords.has(text.toLowerCase())
    return !this.quotesAll && (isBare || unknownIn(said) !== null) ? said : quoted(said, '"')
  }

  /** Names with commas between them. */
  names(list: Text): Text {
    return joined(
      splitAtCommas(list).map(each => this.name(each)),
      textAt(', ', this.part.nameAt),
    )
  }

  /** A table or another object of a schema, by the names of its values. */
  path(name: string, schema: string, catalog: string): Text {
    this.passOver([catalog])
    return this.inSchema(this.required(name), this.text(schema))
  }

  inSchema(name: Text, schema: Text | null): Text {
    const own = schema ?? textAt(this.changelog.schema, this.part.nameAt)
    return this.sql`${this.name(own)}.${this.name(name)}`
  }

  #withProperties(text: Text): Text {
    if (!plain(text).includes('${')) return text
    return replaced(text, /\$\{([^{}]*)\}/g, (match, found) => {
      const name = (match[1] ?? '').trim()
      const at = found.pieces[0]?.at ?? this.part.nameAt
      if (name.startsWith(':')) return textAt(`\${${name.slice(1)}}`, at)
      const value = this.changelog.properties.get(name.toLowerCase())
      return value === undefined ? hole(at, `\`${name}\` is a parameter of the run`, name) : textAt(value, at)
    })
  }
}

/** Java's `split`, which leaves out empty parts at the end. */
function splitAtCommas(list: Text): Text[] {
  const names = plain(list).split(',')
  while (names.length > 1 && names.at(-1) === '') names.pop()
  const parts: Text[] = []
  let start = 0
  for (const each of names) {
    parts.push(trimmed(cut(list, start, start + each.length)))
    start += each.length + 1
  }
  return parts
}

/** The table that a change names. */
export function tableOf(change: Given): Text {
  return change.path('tableName', 'schemaName', 'catalogName')
}
