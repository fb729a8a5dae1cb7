import type { SaxesParser } from 'saxes'
import type { Text } from '../../code/text.ts'
import type { Span } from '../../parse/span.ts'
import { withoutTrailing } from '../../parse/trailing.ts'
import { lately } from './lately.ts'
import { onDemand } from './on-demand.ts'
import { characters, entitiesOf } from './xml-text.ts'

/** An element of an XML document. All spans are UTF-16 offsets in the text that was read. */
export interface XmlElement {
  readonly kind: 'element'
  /** Without the prefix: `changeSet` of `<lb:changeSet>`. */
  readonly name: string
  /** The URI of its namespace; empty if it has none. */
  readonly namespace: string
  /** From the `<` of its opening tag to the `>` of its closing one. */
  readonly at: Span
  /** Its name in the opening tag, with the prefix. */
  readonly nameAt: Span
  /** In the order in which they are written. Declarations of namespaces are among them. */
  readonly attributes: readonly XmlAttribute[]
  /** In the order in which they are written. Neither comments nor processing instructions are among them. */
  readonly children: readonly (XmlElement | XmlText)[]
}

export interface XmlAttribute {
  /** With the prefix, if it has one. */
  readonly name: string
  /** As XML reads it: references replaced, line ends and tabs as spaces. */
  readonly value: string
  /** The same, with the place of each character. */
  readonly text: Text
  /** All of `name="value"`. */
  readonly at: Span
  readonly nameAt: Span
  /** Between the quotes. */
  readonly valueAt: Span
}

/** Characters between tags, or those of a CDATA section. */
export interface XmlText {
  readonly kind: 'text'
  /** As XML reads it: references replaced, and every line end is `\n`. */
  readonly value: string
  /** The same, with the place of each character. */
  readonly text: Text
  /** As it is written; of a CDATA section, what is between its brackets. */
  readonly at: Span
}

/** The error that keeps a text from being XML. Line and column are from 1; the column counts UTF-16 units. */
export interface XmlProblem {
  readonly line: number
  readonly column: number
  /** A clause: `unexpected close tag`. */
  readonly what: string
}

/**
 * The root element of an XML document; null if the text is not well-formed, and while the parser is being loaded (`withParsers`). Nothing
 * outside of the text is read: an entity is known if the document itself declares it as plain text.
 */
export function xml(text: string): XmlElement | null {
  return read(text)?.root ?? null
}

/** The error that keeps the text from being XML; null if it is well-formed, and while the parser is being loaded (`withParsers`). */
export function xmlProblem(text: string): XmlProblem | null {
  return read(text)?.problem ?? null
}

/** The value of the attribute with that name, which has no prefix; undefined if there is none. */
export function attributeOf({ attributes }: XmlElement, name: string): string | undefined {
  return attributes.find(each => each.name === name)?.value
}

/** The elements directly inside this one. */
export function elementsIn({ children }: XmlElement): XmlElement[] {
  return children.flatMap(child => (child.kind === 'element' ? child : []))
}

/** The element, and all elements in it, in the order in which they begin. */
export function withAllIn(element: XmlElement): XmlElement[] {
  const found = [element]
  const walk = (each: XmlElement) => {
    for (const child of elementsIn(each)) {
      found.push(child)
      walk(child)
    }
  }
  walk(element)
  return found
}

/** The characters directly inside of the element, without those of elements in it. */
export function textIn({ children }: XmlElement): string {
  return children.map(child => (child.kind === 'text' ? child.value : '')).join('')
}

/** No document that a person wrote is this deep, and code that walks the tree may need the stack for it. */
const deepest = 200

// The package is CommonJS: bundlers export only the whole module, Node.js only its parts.
const saxes = onDemand(async (): Promise<Pick<typeof import('saxes'), 'SaxesParser'>> => {
  const found: typeof import('saxes') & { readonly default?: typeof import('saxes') } = await import('saxes')
  return found.default ?? found
})

interface Read {
  readonly root: XmlElement | null
  readonly problem: XmlProblem | null
}

function read(text: string): Read | null {
  const library = saxes()
  return library === null ? null : parsed(library.SaxesParser)(text)
}

let parsedBy: ((text: string) => Read) | null = null

function parsed(Parser: typeof SaxesParser): (text: string) => Read {
  parsedBy ??= lately(text => {
    // Without `position`, the parser computes the place only on demand.
    const parser = new Parser({ xmlns: true, position: false })
    try {
      return { root: rootOf(parser, text), problem: null }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const what = withoutTrailing(message, '.')
      return { root: null, problem: { line: parser.line, column: Math.max(parser.columnIndex, 1), what } }
    }
  })
  return parsedBy
}

interface Open {
  readonly name: string
  readonly namespace: string
  readonly start: number
  readonly nameAt: Span
  readonly attributes: readonly XmlAttribute[]
  readonly children: (XmlElement | XmlText)[]
}

/** Builds the tree from the parser's events. Throws its errors. */
function rootOf(parser: SaxesParser<{ xmlns: true }>, source: string): XmlElement | null {
  const open: Open[] = []
  let root: XmlElement | null = null
  let entities: ReadonlyMap<string, string> = new Map()
  /** The end of the last tag, comment or section: where characters begin. */
  let end = 0
  let start = 0
  let attributes: XmlAttribute[] = []

  const textAt = (at: Span, how: { readonly isAttribute?: true; readonly isSection?: true }): Text => {
    const is11 = parser.xmlDecl.version === '1.1'
    const known = how.isSection ? null : entities
    const pieces = characters(source, at, { is11, isAttribute: how.isAttribute ?? false, entities: known })
    return { kind: 'text', pieces }
  }

  parser.on('doctype', declaration => {
    entities = entitiesOf(declaration)
    declare(parser, entities)
    end = parser.position
  })
  parser.on('text', value => {
    // The parser has just read the `<` after them.
    const at: Span = [end, parser.position - 1]
    open.at(-1)?.children.push({ kind: 'text', value, text: textAt(at, {}), at })
    end = at[1]
  })
  parser.on('cdata', value => {
    const at: Span = [end + '<![CDATA['.length, parser.position - ']]>'.length]
    open.at(-1)?.children.push({ kind: 'text', value, text: textAt(at, { isSection: true }), at })
    end = parser.position
  })
  parser.on('comment', () => {
    // The parser has not read the `>` yet.
    end = parser.position + 1
  })
  parser.on('processinginstruction', () => {
    end = parser.position
  })
  parser.on('opentagstart', () => {
    if (open.length >= deepest) parser.fail(`elements are nested more than ${deepest} deep`)
    start = source.lastIndexOf('<', parser.position - 1)
    attributes = []
  })
  parser.on('attribute', ({ name, value }) => {
    const close = parser.position - 1
    const valueAt: Span = [source.lastIndexOf(source[close] ?? '', close - 1) + 1, close]
    // Between the two are spaces and `=`.
    const from = source.lastIndexOf(name, valueAt[0] - 1 - name.length)
    const text = textAt(valueAt, { isAttribute: true })
    attributes.push({ name, value, text, at: [from, close + 1], nameAt: [from, from + name.length], valueAt })
  })
  parser.on('opentag', ({ local, name, uri }) => {
    end = parser.position
    const nameAt: Span = [start + 1, start + 1 + name.length]
    open.push({ name: local, namespace: uri, start, nameAt, attributes, children: [] })
  })
  parser.on('closetag', () => {
    end = parser.position
    const last = open.pop()
    if (!last) return
    const { start: from, ...own } = last
    const element: XmlElement = { kind: 'element', ...own, at: [from, end] }
    const parent = open.at(-1)
    if (parent) parent.children.push(element)
    else root = element
  })
  parser.write(source).close()
  return root
}

/** The greatest total length of the text of all entity references of a document. */
const mostCharacters = 1_000_000

/** Gives the parser the entities of the document, as long as their text is not too long. */
function declare(parser: SaxesParser<{ xmlns: true }>, entities: ReadonlyMap<string, string>): void {
  let left = mostCharacters
  const known: Record<string, string> = Object.create(parser.ENTITIES)
  for (const [name, value] of entities) {
    Object.defineProperty(known, name, {
      get: () => {
        left -= value.length
        if (left < 0) parser.fail('its entities expand to too much text')
        return value
      },
    })
  }
  parser.ENTITIES = known
}
