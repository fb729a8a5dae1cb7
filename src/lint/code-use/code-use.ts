import type { Source } from '../../parse/script.ts'
import type { Span } from '../../parse/span.ts'
import { quoted, quotedList } from '../advice/sql.ts'
import type { Label } from '../finding.ts'
import type { Removed } from './removed.ts'

/** A place in code that names what is taken away. */
export interface CodePlace {
  readonly path: string
  /** Line of the file, from 1. */
  readonly line: number
  readonly at: Span
}

/** What the code says about a name that a migration takes away. */
export type CodeAnswer =
  /** The code that comes with the migration uses it. `count`: of all places, of which the first ones are listed. */
  | { readonly kind: 'used'; readonly places: readonly CodePlace[]; readonly count: number }
  /**
   * The code that is deployed uses it, and the code that comes with the migration does not. `where`: the commit, for people. `cached`: no
   * line names it, but the library reads all columns when it starts, and goes on naming them.
   */
  | {
      readonly kind: 'deployed'
      readonly where: string
      readonly cached: boolean
      readonly places: readonly CodePlace[]
      readonly count: number
    }
  /** The code does not use it. `searched`: the number of all files; `naming`: of those that name its table or, for a table, other ones. */
  | { readonly kind: 'not found'; readonly searched: number; readonly naming: number }

export interface CodeAnswers {
  /** Null: it is unknown. */
  of(removed: Removed): CodeAnswer | null
  /** The text of the files in which the listed places of `used` are. */
  readonly sources: ReadonlyMap<string, Source>
}

/** Looks for all of these names at once, in the code beside the migrations. */
export type CodeSearch = (removed: readonly Removed[]) => Promise<CodeAnswers>

/** What code says about the names that a finding is about, and what the finding said before that was known. */
export interface CodeUse {
  readonly said: string
  readonly answers: readonly (readonly [Removed, CodeAnswer])[]
}

/** The answer for all of the names together: what is unknown about one of them is unknown about all, unless another one is used. */
export function gravest({ answers }: CodeUse, asked: number): CodeAnswer['kind'] | null {
  const has = (kind: CodeAnswer['kind']) => answers.some(([, answer]) => answer.kind === kind)
  if (has('used')) return 'used'
  if (has('deployed')) return 'deployed'
  return answers.length === asked && asked > 0 ? 'not found' : null
}

/** What code says about the names of a finding, in one word; null: nothing is known. */
export function useKind(use: CodeUse | undefined): CodeAnswer['kind'] | null {
  return use === undefined ? null : gravest(use, use.answers.length)
}

/** The places in code, for reports. */
export function labelsOf({ answers }: CodeUse): Label[] {
  return answers.flatMap(([removed, answer]) => {
    if (answer.kind !== 'used') return []
    const still = removed.stays ? '' : 'still '
    return answer.places.map(({ path, at }) => ({ path, at, message: `${quoted(removed.name)} is ${still}used here` }))
  })
}

/** A place in the code of the base, which need not be in the files that are linted, or not in this line. */
export interface DeployedPlace {
  readonly name: string
  /** The commit or branch, for people. */
  readonly base: string
  readonly path: string
  readonly line: number
}

/** The listed places in deployed code. */
export function deployedPlaces({ answers }: CodeUse): DeployedPlace[] {
  return answers.flatMap(([{ name }, answer]) =>
    answer.kind === 'deployed' ? answer.places.map(({ path, line }) => ({ name, base: answer.where, path, line })) : [],
  )
}

/** The same answers under the names that `name` gives to files. */
export function withNames(use: CodeUse, name: (path: string) => string): CodeUse {
  return {
    ...use,
    answers: use.answers.map(([removed, answer]) => [
      removed,
      answer.kind === 'not found'
        ? answer
        : { ...answer, places: answer.places.map(place => ({ ...place, path: name(place.path) })) },
    ]),
  }
}

/** The message of a finding with what code says. */
export function messageWith({ said, answers }: CodeUse): string {
  const used = answers.flatMap(([removed, answer]) => (answer.kind === 'used' ? [[removed, answer] as const] : []))
  const deployed = answers.flatMap(([removed, answer]) =>
    answer.kind === 'deployed' ? [[removed, answer] as const] : [],
  )
  const isOne = answers.length === 1
  const sentences = [
    ...used.map(([removed, { places, count }]) => {
      const what = isOne ? 'It' : quoted(removed.name)
      return `${what} is ${removed.stays ? '' : 'still '}used in ${listOf(places, count)}.`
    }),
    ...deployed.map(([removed, { places, count, where, cached }]) => {
      const what = isOne ? 'it' : quoted(removed.name)
      const how = cached
        ? `reads all columns when it starts and does not ignore ${what}`
        : `${removed.stays ? 'uses' : 'still uses'} ${what}`
      return `The code that is deployed ${how} (${where}: ${listOf(places, count)}).`
    }),
    ...(used.length === 0 && deployed.some(([{ stays }]) => !stays)
      ? ['It runs until this is out: take the name away in the next release.']
      : []),
    ...(used.length + deployed.length === 0 ? notFound(answers) : []),
  ]
  return [said, ...sentences].join(' ')
}

function notFound(answers: CodeUse['answers']): string[] {
  const [first] = answers
  if (first?.[1].kind !== 'not found') return []
  const [{ of, kind }, { searched, naming }] = first
  const what = quotedList(answers.map(([{ name }]) => name))
  const beside = of === null ? 'other tables' : `${kind === 'enum value' ? 'the type ' : ''}${quoted(of)}`
  return [
    `No code that uses ${what} was found: ${searched} ${searched === 1 ? 'file was' : 'files were'} searched, and ${naming} of them ${naming === 1 ? 'names' : 'name'} ${beside}.`,
  ]
}

/** Two places, and the number of the others. */
function listOf(places: readonly CodePlace[], count: number): string {
  const shown = places.slice(0, count === 3 ? 3 : 2).map(({ path, line }) => `${path}:${line}`)
  const more = count - shown.length
  if (more > 0) return `${shown.join(', ')} and ${more} more ${more === 1 ? 'place' : 'places'}`
  const last = shown.pop() ?? ''
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}
