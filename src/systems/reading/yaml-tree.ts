import { EVENT_ID, type Event, getScalarValue, parseEvents, type ScalarEvent } from 'js-yaml'
import { TooMuch } from '../../code/limit.ts'
import type { Piece, Text } from '../../code/text.ts'
import type { Span } from '../../parse/span.ts'

/** A value of a YAML document, with its place. All spans are UTF-16 offsets in the text that was read. */
export type YamlNode = YamlScalar | YamlMapping | YamlList

export interface YamlScalar {
  readonly kind: 'scalar'
  /** With the place of each character. */
  readonly text: Text
  /** It is null: `~`, `null`, or empty, without quotes. */
  readonly isNull: boolean
  readonly at: Span
}

export interface YamlMapping {
  readonly kind: 'mapping'
  readonly entries: readonly { readonly name: string; readonly nameAt: Span; readonly value: YamlNode }[]
  readonly at: Span
}

export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
  readonly at: Span
}

/** Aliases of aliases can stand for more than any memory holds: this many nodes may come of all of them together. */
const mostOfAliases = 100_000

/**
 * The documents of a YAML or JSON file, as trees; none if it is not YAML, or its aliases mean too much. An alias is a copy of its anchor's value, with the places of the
 * anchor.
 */
export function yamlTrees(source: string): YamlNode[] {
  try {
    return new Builder(source, parseEvents(source, { maxDepth: 100 })).documents()
  } catch {
    // `yamlProblem` gives the place and the reason.
    return []
  }
}

class Builder {
  readonly #source: string
  readonly #events: readonly Event[]
  readonly #anchors = new Map<string, YamlNode>()
  #next = 0
  /** How many nodes there are, each alias counted as all that it stands for. */
  #nodes = 0
  /** Of each anchor, and in all that come of aliases. */
  readonly #sizes = new Map<string, number>()
  #ofAliases = 0

  constructor(source: string, events: readonly Event[]) {
    this.#source = source
    this.#events = events
  }

  documents(): YamlNode[] {
    const found: YamlNode[] = []
    while (this.#next < this.#events.length) {
      const event = this.#events[this.#next]
      if (event?.type === EVENT_ID.DOCUMENT || event?.type === EVENT_ID.POP) {
        this.#next++
        continue
      }
      found.push(this.#node())
    }
    return found
  }

  #node(): YamlNode {
    const event = this.#events[this.#next++]
    const before = this.#nodes++
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, this.#scalar(event), before)
      case EVENT_ID.MAPPING: {
        const entries: { name: string; nameAt: Span; value: YamlNode }[] = []
        while (!this.#isEnd()) {
          const key = this.#node()
          const value = this.#node()
          if (key.kind === 'scalar') entries.push({ name: textOf(key), nameAt: key.at, value })
        }
        const end = entries.at(-1)?.value.at[1] ?? event.start
        return this.#anchored(
          event,
          { kind: 'mapping', entries, at: [event.start, Math.max(event.start, end)] },
          before,
        )
      }
      case EVENT_ID.SEQUENCE: {
        const items: YamlNode[] = []
        while (!this.#isEnd()) items.push(this.#node())
        const end = items.at(-1)?.at[1] ?? event.start
        return this.#anchored(event, { kind: 'list', items, at: [event.start, Math.max(event.start, end)] }, before)
      }
      case EVENT_ID.ALIAS: {
        const name = this.#source.slice(event.anchorStart, event.anchorEnd)
        const found = this.#anchors.get(name)
        const size = this.#sizes.get(name) ?? 0
        this.#nodes += size
        this.#ofAliases += size
        if (this.#ofAliases > mostOfAliases) throw new TooMuch('its aliases stand for too much')
        if (found) return found
        return {
          kind: 'scalar',
          text: { kind: 'text', pieces: [] },
          isNull: true,
          at: [event.anchorStart, event.anchorEnd],
        }
      }
      default:
        return { kind: 'scalar', text: { kind: 'text', pieces: [] }, isNull: true, at: [0, 0] }
    }
  }

  /** True at the end of a mapping or list, which it then skips. */
  #isEnd(): boolean {
    const event = this.#events[this.#next]
    if (event && event.type !== EVENT_ID.POP) return false
    this.#next++
    return true
  }

  /** `before`: how many nodes there were before this one. */
  #anchored(
    event: { readonly anchorStart: number; readonly anchorEnd: number },
    node: YamlNode,
    before: number,
  ): YamlNode {
    if (event.anchorStart < 0) return node
    const name = this.#source.slice(event.anchorStart, event.anchorEnd)
    this.#anchors.set(name, node)
    this.#sizes.set(name, this.#nodes - before)
    return node
  }

  #scalar(event: ScalarEvent): YamlScalar {
    const value = getScalarValue(this.#source, event)
    const at: Span = [Math.max(0, event.valueStart), Math.max(0, event.valueEnd)]
    const isPlain = !/["'|>]/.test(this.#source.charAt(Math.max(0, at[0] - 1))) || event.style === 1
    const isNull = event.valueStart < 0 || (isPlain && /^(?:~|null|Null|NULL|)$/.test(value))
    return { kind: 'scalar', text: placed(this.#source, value, at), isNull, at }
  }
}

function textOf({ text }: YamlScalar): string {
  return text.pieces.map(piece => piece.text).join('')
}

/** How far a line of a value may be behind the previous one: between them are the indent and empty lines. */
const farthest = 1_000

/** A value with the places of its characters, as far as the file contains its lines unchanged. */
function placed(source: string, value: string, at: Span): Text {
  const pieces: Piece[] = []
  let cursor = at[0]
  for (const [i, line] of value.split('\n').entries()) {
    if (i > 0) pieces.push({ text: '\n', at: [cursor, cursor], isVerbatim: false })
    if (line === '') continue
    // What is written otherwise, with escapes, would be looked for up to the end of the file, line by line.
    const near = source.slice(cursor, Math.min(at[1], cursor + line.length + farthest)).indexOf(line)
    const found = cursor + near
    if (near < 0) {
      pieces.push({ text: line, at, isVerbatim: false })
      continue
    }
    cursor = found + line.length
    pieces.push({ text: line, at: [found, cursor], isVerbatim: true })
  }
  return { kind: 'text', pieces }
}
