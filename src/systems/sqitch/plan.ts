import type { Span } from '../../parse/span.ts'
import { type Line, lines } from '../reading/lines.ts'
import { dependencyOf, lineOf, pragmaOf, withoutNote } from './plan-line.ts'

export interface Change {
  readonly name: string
  /** Tags between this change and its next rework, the last first; none if it was not reworked. */
  readonly tags: readonly string[]
  /** UTF-16 offsets of its line in the plan. */
  readonly at: Span
}

/** A place where Sqitch stops reading a plan. The texts are for people. */
export interface PlanProblem {
  readonly at: Span
  /** A clause. */
  readonly what: string
  readonly help: string
}

export interface Plan {
  readonly changes: readonly Change[]
  /** The first one is the one that Sqitch would report. */
  readonly problems: readonly PlanProblem[]
}

/** Reads a plan as App::Sqitch::Plan does (_parse and check_changes), and continues where it would stop. */
export function planOf(text: string): Plan {
  const problems: PlanProblem[] = []
  const tell = (line: Line, what: string, help = fix) => problems.push({ at: [line.start, line.end], what, help })
  const all = lines(text)
  const { pragmas, rest } = headerOf(all, tell)
  const project = pragmas.get('project')
  const [first] = all
  if (project === undefined && first)
    tell(
      first,
      'it has no `%project`',
      'Begin it with `%syntax-version=1.0.0`, `%project=` and a name, and an empty line.',
    )

  const sections = new Sections(project ?? '', tell)
  for (const line of rest) {
    if (isBlank(line.text)) continue
    const words = withoutNote(line.text)
    const found = lineOf(words)
    const isTag = words.trimStart().startsWith('@')
    if (!found) tell(line, `line ${line.number} is neither a change nor a tag`)
    else if (!found.isPlanned) tell(line, `line ${line.number} has no time of planning`)
    else if (!found.planner) tell(line, `line ${line.number} has no name and email of a planner`)
    else if (/^(?:ROOT|HEAD)$/.test(found.name)) tell(line, `${JSON.stringify(found.name)} is a reserved name`)
    else if (/^[0-9a-f]{40}/.test(found.name)) tell(line, `${JSON.stringify(found.name)} could be taken for an ID`)
    else if (isTag && /[/[]/.test(found.name + (found.needs === null ? '' : '['))) {
      tell(line, `the tag in line ${line.number} has a slash or a dependency`)
    } else if (isTag) sections.tag(found.name, line)
    else sections.change(found.name, found.needs ?? [], line)
  }
  return { changes: sections.end(), problems }
}

/** An empty line, or a note. */
function isBlank(line: string): boolean {
  const words = line.trim()
  return words === '' || (words.startsWith('#') && words !== '#')
}

const fix = 'Fix the line by hand, or take both sides of a merge one after the other: the plan is a list.'

type Tell = (line: Line, what: string, help?: string) => void

/** Pragmas come first, up to the first line without words. */
function headerOf(all: readonly Line[], tell: Tell): { pragmas: ReadonlyMap<string, string>; rest: readonly Line[] } {
  const pragmas = new Map<string, string>()
  for (const [i, line] of all.entries()) {
    if (line.text.trim() === '') return { pragmas, rest: all.slice(i + 1) }
    const words = withoutNote(line.text)
    if (words === '') continue
    const pragma = pragmaOf(words)
    if (pragma === null) {
      tell(line, `line ${line.number} is among the pragmas but is not one: an empty line must end them`)
      return { pragmas, rest: all.slice(i) }
    }
    pragmas.set(pragma.name, pragma.value ?? '1')
  }
  return { pragmas, rest: [] }
}

/** The part between two tags: names are unique in it, and a change may require only earlier ones. */
class Sections {
  private readonly changes: { name: string; at: Span; own: string[]; tags: string[] }[] = []
  /** Lines of tags, and of changes in sections that are closed. */
  private readonly seen = new Map<string, number>()
  private readonly section = new Map<string, { readonly needs: readonly string[]; readonly line: Line }>()
  /** The last place of each name among the changes. */
  private readonly places = new Map<string, number>()

  private readonly project: string
  private readonly tell: Tell

  constructor(project: string, tell: Tell) {
    this.project = project
    this.tell = tell
  }

  change(name: string, needs: readonly string[], line: Line): void {
    const twin = this.section.get(name)
    if (twin) {
      this.tell(
        line,
        `line ${line.number} has ${JSON.stringify(name)} a second time, after line ${twin.line.number}`,
        'Give one of the two another name, or put a tag between them if it is a rework.',
      )
      return
    }
    this.section.set(name, { needs, line })
    const before = this.places.get(name)
    this.places.set(name, this.changes.length)
    const reworked = this.changes[before ?? -1]
    if (reworked) {
      const since = this.changes.slice(before).reverse()
      reworked.tags = since.flatMap(({ own }) => own)
    }
    this.changes.push({ name, at: [line.start, line.end], own: [], tags: [] })
  }

  tag(name: string, line: Line): void {
    const last = this.changes.at(-1)
    const earlier = this.seen.get(`@${name}`)
    if (!last) this.tell(line, `the tag "@${name}" has no change before it`)
    if (earlier !== undefined)
      this.tell(line, `line ${line.number} has the tag "@${name}" a second time, after line ${earlier}`)
    this.close()
    last?.own.push(name)
    this.seen.set(`@${name}`, line.number)
  }

  end(): Change[] {
    this.close()
    return this.changes.map(({ name, tags, at }) => ({ name, tags, at }))
  }

  /** check_changes. */
  private close(): void {
    const position = new Set<string>()
    for (const [name, { needs, line }] of this.section) {
      const met = new Set<string>()
      const twice = needs.find(need => met.size === met.add(need).size)
      if (twice !== undefined) this.tell(line, `${JSON.stringify(name)} needs ${JSON.stringify(twice)} twice`)
      for (const need of needs) {
        const missing = this.missing(need, position)
        if (missing === null) continue
        const later = missing !== name && this.section.has(missing)
        const what = later
          ? `comes before ${JSON.stringify(missing)}, which it needs`
          : `needs ${JSON.stringify(missing)}, which does not come before it`
        this.tell(
          line,
          `${JSON.stringify(name)} ${what}`,
          'Put the change after the changes that it needs, or correct the list of these.',
        )
      }
      position.add(name)
    }
    for (const [name, { line }] of this.section) this.seen.set(name, line.number)
    this.section.clear()
  }

  /** The first required change that has not come yet; null if none is missing. */
  private missing(need: string, position: ReadonlySet<string>): string | null {
    const { isConflict, project, isId, change, tag } = dependencyOf(need)
    if (isConflict || isId || (project !== undefined && project !== this.project)) return null
    if (change !== undefined && tag !== undefined) {
      const [at, of] = [this.seen.get(`@${tag}`), this.seen.get(change)]
      return at !== undefined && of !== undefined && of < at ? null : `${change}@${tag}`
    }
    const key = change ?? (tag === undefined ? need : `@${tag}`)
    return this.seen.has(key) || position.has(key) ? null : key
  }
}
