import { automaton } from './glob-automaton.ts'
import { type Piece, parseGlob } from './glob-pattern.ts'

/** The problem of a glob, as the end of a sentence that begins with the glob; null: there is no problem. */
export function globProblem(pattern: string): string | null {
  const pieces = parseGlob(isNegated(pattern) ? pattern.slice(1) : pattern)
  return 'problem' in pieces ? pieces.problem : null
}

/** The largest size of globs that are matched at once. */
export const largestSize = 20_000

/** The number of characters and wildcards that globs stand for together. */
export function globSize(patterns: readonly string[]): number {
  const size = (pieces: readonly Piece[]): number =>
    pieces.reduce((sum, piece) => sum + (piece.kind === 'choice' ? size(piece.options.flat()) : 1), 1)
  return patterns.reduce<number>((sum, pattern) => {
    const pieces = parseGlob(pattern)
    return sum + ('problem' in pieces ? 1 : size(pieces))
  }, 0)
}

/**
 * A test for paths with `/`. A pattern without a slash matches the file's name in any directory; one with a slash
 * matches the whole path. A pattern that names a directory matches everything in it. A pattern after `!` matches what
 * it would not match otherwise. A pattern that `globProblem` reports a problem for matches nothing.
 */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  const written = patterns.filter(pattern => pattern !== '').map(pattern => pattern.replace(/^\.\//, ''))
  const tests = [
    automaton(written.filter(pattern => !isNegated(pattern)).flatMap(forPaths), { dot: true }),
    ...written.filter(isNegated).map(pattern => {
      const matches = automaton(forPaths(pattern.slice(1)), { dot: true })
      return (path: string) => globProblem(pattern) === null && !matches(path)
    }),
  ]
  return path => tests.some(test => test(path.replace(/^\.\//, '')))
}

/** A test for names without `/`: tables, rules. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  return automaton(piecesOf(pattern), { dot: true })
}

/**
 * A test for the paths of one glob as shells understand it: it must match the whole path, and it matches hidden names
 * only by their dot.
 */
export function pathMatcher(pattern: string): (path: string) => boolean {
  return automaton(piecesOf(pattern), { dot: false })
}

/** In shells, `!(a|b)*.sql` means something else. It is refused, so that it is not read as a `!` at the beginning. */
function isNegated(pattern: string): boolean {
  return pattern.startsWith('!') && !pattern.startsWith('!(')
}

function forPaths(pattern: string): (readonly Piece[])[] {
  if (pattern === '') return [[{ kind: 'rest' }]]
  const isDirectory = pattern.endsWith('/')
  return piecesOf(isDirectory ? pattern.slice(0, -1) : pattern).map(pieces => {
    const inside: readonly Piece[] = isDirectory ? [slash, { kind: 'rest' }] : [{ kind: 'below' }]
    return pattern.includes('/') ? [...pieces, ...inside] : [{ kind: 'segments' }, ...pieces, ...inside]
  })
}

function piecesOf(pattern: string): (readonly Piece[])[] {
  const pieces = parseGlob(pattern)
  return 'problem' in pieces ? [] : [pieces]
}

const slash: Piece = { kind: 'character', code: 0x2f, first: false }
