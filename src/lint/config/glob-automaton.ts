import type { Piece } from './glob-pattern.ts'

/**
 * Compiles globs into one test for whole paths. The test goes over a path once, character by character, and keeps all
 * places in the patterns that can be reached so far. It never goes back, so no pattern and no name makes it slow. The
 * set of places that a character leads to from another set is remembered.
 */
export function automaton(
  patterns: readonly (readonly Piece[])[],
  { dot }: { readonly dot: boolean },
): (path: string) => boolean {
  const places = new Places(dot)
  const end = places.end()
  const starts = patterns.map(pieces => places.sequence(pieces, end))
  const first = places.reached(starts)
  return path => {
    let current = first
    let before = slash
    for (const character of path) {
      const code = character.codePointAt(0) ?? 0
      current = places.after(current, code, before === slash)
      if (current.places.length === 0) return false
      before = code
    }
    return current.places.includes(end)
  }
}

const slash = 0x2f
const point = 0x2e

interface Place {
  /** Takes one character and leads to `next`; null: leads on without one, to each of `others`. */
  readonly takes: ((code: number, atStart: boolean) => boolean) | null
  readonly next: number
  others: readonly number[]
}

/** Places that are reached at the same time, in ascending order, and where each character leads from them. */
interface Reached {
  readonly places: readonly number[]
  readonly after: Map<number, Reached>
}

/**
 * How much is remembered of sets of places, as a count of numbers. When it is full, everything is forgotten and
 * computed again.
 */
const memory = 2_000_000

class Places {
  readonly #places: Place[] = []
  readonly #dot: boolean
  #known = new Map<string, Reached>()
  #remembered = 0

  constructor(dot: boolean) {
    this.#dot = dot
  }

  end(): number {
    return this.#add({ takes: null, next: 0, others: [] })
  }

  /** The starts of the pieces when `next` comes after them. */
  sequence(pieces: readonly Piece[], next: number): number {
    return pieces.reduceRight((behind, piece) => this.#piece(piece, behind), next)
  }

  #piece(piece: Piece, next: number): number {
    switch (piece.kind) {
      case 'character':
        return this.#one(this.#literal(piece.code, piece.first), next)
      case 'any':
        return this.#one(this.#wildcard(piece.test ?? (() => true), false), next)
      case 'star':
        return this.#many(
          this.#wildcard(() => true, false),
          next,
        )
      case 'rest':
        return this.#many(
          this.#wildcard(() => true, true),
          next,
        )
      case 'below':
        return this.#either([
          next,
          this.#one(
            isSlash,
            this.#many(
              this.#wildcard(() => true, true),
              next,
            ),
          ),
        ])
      case 'segments':
        return this.#either([
          next,
          this.#many(
            this.#wildcard(() => true, true),
            this.#one(isSlash, next),
          ),
        ])
      case 'choice': {
        const again = this.#either([next])
        const many = piece.times === 'any' || piece.times === 'some'
        const starts = piece.options.map(option => this.sequence(option, many ? again : next))
        if (many) this.#lead(again, [next, ...starts])
        return piece.times === 'any' ? again : this.#either(piece.times === 'maybe' ? [next, ...starts] : starts)
      }
    }
  }

  /**
   * A name that begins with a dot is hidden: unless `dot` is set, only a segment of the pattern that begins with a dot
   * matches it.
   */
  #literal(wanted: number, first: boolean): (code: number, atStart: boolean) => boolean {
    const mayBegin = this.#dot || first || wanted !== point
    return (code, atStart) => code === wanted && (mayBegin || !atStart)
  }

  #wildcard(test: (code: number) => boolean, crosses: boolean): (code: number, atStart: boolean) => boolean {
    return (code, atStart) => (code === slash ? crosses : (this.#dot || !atStart || code !== point) && test(code))
  }

  #one(takes: (code: number, atStart: boolean) => boolean, next: number): number {
    return this.#add({ takes, next, others: [] })
  }

  #many(takes: (code: number, atStart: boolean) => boolean, next: number): number {
    const again = this.#either([next])
    this.#lead(again, [next, this.#one(takes, again)])
    return again
  }

  #either(others: readonly number[]): number {
    return this.#add({ takes: null, next: 0, others })
  }

  #lead(from: number, others: readonly number[]): void {
    const place = this.#places[from]
    if (place) place.others = others
  }

  #add(place: Place): number {
    return this.#places.push(place) - 1
  }

  after(reached: Reached, code: number, atStart: boolean): Reached {
    const key = code * 2 + Number(atStart)
    const known = reached.after.get(key)
    if (known) return known
    const next = reached.places.flatMap(at => {
      const place = this.#places[at]
      return place?.takes?.(code, atStart) ? [place.next] : []
    })
    const found = this.reached(next)
    reached.after.set(key, found)
    this.#remembered++
    return found
  }

  /** These places, and those that can be reached from them without a character. */
  reached(starts: readonly number[]): Reached {
    const seen = new Set<number>()
    const waiting = [...starts]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(at)) continue
      seen.add(at)
      for (const other of this.#places[at]?.others ?? []) waiting.push(other)
    }
    // A place that takes no character matters only if it is the end, which leads nowhere.
    const places = [...seen].filter(at => this.#places[at]?.others.length === 0).sort((a, b) => a - b)
    const key = places.join()
    const known = this.#known.get(key)
    if (known) return known
    if (this.#remembered > memory) {
      for (const { after } of this.#known.values()) after.clear()
      this.#known = new Map()
      this.#remembered = 0
    }
    const made: Reached = { places, after: new Map() }
    this.#known.set(key, made)
    this.#remembered += places.length + 1
    return made
  }
}

function isSlash(code: number): boolean {
  return code === slash
}
