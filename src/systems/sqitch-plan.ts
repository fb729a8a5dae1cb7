import type { Span } from '../parse/span.ts'
import { type Line, lines } from './line.ts'

export interface Change {
  readonly name: string
  /** Tags between this change and its next rework, the last first; none for what was not reworked. */
  readonly tags: readonly string[]
  /** UTF-16 offsets of its line in the plan. */
  readonly at: Span
}

/** Where Sqitch stops reading a plan. The texts are for people. */
export interface PlanProblem {
  readonly at: Span
  /** A clause. */
  readonly what: string
  readonly help: string
}

export interface Plan {
  readonly changes: readonly Change[]
  /** The first is what Sqitch would speak of. */
  readonly problems: readonly PlanProblem[]
}

/** Reads a plan as App::Sqitch::Plan does (_parse and check_changes), and goes on where it would stop. */
export function planOf(text: string): Plan {
  const problems: PlanProblem[] = []
  const tell = (line: Line, what: string, help = mend) => problems.push({ at: [line.start, line.end], what, help })
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
    if (/^[\p{Zs}\t]*(?:#[\p{Zs}\t]*.+)?$/u.test(line.text)) continue
    const words = line.text.replace(NOTE, '')
    const found = LINE.exec(words)?.groups
    const isTag = words.trimStart().startsWith('@')
    if (!found?.name) tell(line, `line ${line.number} is neither a change nor a tag`)
    else if (!found.year) tell(line, `line ${line.number} has no time of planning`)
    else if (!found.planner) tell(line, `line ${line.number} has no name and email of a planner`)
    else if (/^(?:ROOT|HEAD)$/.test(found.name)) tell(line, `${JSON.stringify(found.name)} is a reserved name`)
    else if (/^[0-9a-f]{40}/.test(found.name)) tell(line, `${JSON.stringify(found.name)} could be taken for an ID`)
    else if (isTag && /[/[]/.test(found.name + (found.needs === undefined ? '' : '['))) {
      tell(line, `the tag in line ${line.number} has a slash or needs something`)
    } else if (isTag) sections.tag(found.name, line)
    else sections.change(found.name, found.needs?.split(BLANKS) ?? [], line)
  }
  return { changes: sections.end(), problems }
}

const mend = 'Mend the line by hand, or take both sides of a merge one after the other: the plan is a list.'

type Tell = (line: Line, what: string, help?: string) => void

/** Pragmas stand at the top, up to the first line without a word. */
function headerOf(all: readonly Line[], tell: Tell): { pragmas: ReadonlyMap<string, string>; rest: readonly Line[] } {
  const pragmas = new Map<string, string>()
  for (const [i, line] of all.entries()) {
    if (/^[\p{Zs}\t]*$/u.test(line.text)) return { pragmas, rest: all.slice(i + 1) }
    const words = line.text.replace(NOTE, '')
    if (words === '') continue
    const [, name, value] = PRAGMA.exec(words) ?? []
    if (name === undefined) {
      tell(line, `line ${line.number} stands among the pragmas but is none: an empty line has to end them`)
      return { pragmas, rest: all.slice(i) }
    }
    pragmas.set(name, value ?? '1')
  }
  return { pragmas, rest: [] }
}

/** What stands between two tags: names are unique in it, and a change needs what came before it. */
class Sections {
  private readonly changes: { name: string; at: Span; own: string[]; tags: string[] }[] = []
  /** Lines of tags and of changes in sections that are closed. */
  private readonly seen = new Map<string, number>()
  private section: { readonly name: string; readonly needs: readonly string[]; readonly line: Line }[] = []

  private readonly project: string
  private readonly tell: Tell

  constructor(project: string, tell: Tell) {
    this.project = project
    this.tell = tell
  }

  change(name: string, needs: readonly string[], line: Line): void {
    const twin = this.section.find(other => other.name === name)
    if (twin) {
      this.tell(
        line,
        `line ${line.number} has ${JSON.stringify(name)} a second time, after line ${twin.line.number}`,
        'Give one of the two another name, or put a tag between them if it is a rework.',
      )
      return
    }
    this.section.push({ name, needs, line })
    const before = this.changes.findLastIndex(change => change.name === name)
    const reworked = this.changes[before]
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
    for (const { name, needs, line } of this.section) {
      const twice = needs.find((need, i) => needs.indexOf(need) < i)
      if (twice !== undefined) this.tell(line, `${JSON.stringify(name)} needs ${JSON.stringify(twice)} twice`)
      for (const need of needs) {
        const missing = this.missing(need, position)
        if (missing === null) continue
        const later = missing !== name && this.section.some(other => other.name === missing)
        const what = later
          ? `comes before ${JSON.stringify(missing)}, which it needs`
          : `needs ${JSON.stringify(missing)}, which does not come before it`
        this.tell(
          line,
          `${JSON.stringify(name)} ${what}`,
          'Put the change after what it needs, or mend what it says it needs.',
        )
      }
      position.add(name)
    }
    for (const { name, line } of this.section) this.seen.set(name, line.number)
    this.section = []
  }

  /** What is needed and has not come yet; null when nothing is amiss. */
  private missing(need: string, position: ReadonlySet<string>): string | null {
    const { conflicts, project, id, change, tag, onlyTag } = DEPENDENCY.exec(need)?.groups ?? {}
    if (conflicts || id || (project !== undefined && project !== this.project)) return null
    if (change !== undefined && tag !== undefined) {
      const [at, of] = [this.seen.get(`@${tag}`), this.seen.get(change)]
      return at !== undefined && of !== undefined && of < at ? null : `${change}@${tag}`
    }
    const key = change ?? (onlyTag === undefined ? need : `@${onlyTag}`)
    return this.seen.has(key) || position.has(key) ? null : key
  }
}

// The expressions of _parse, name_regex and App::Sqitch::Plan::Depend::parse; [[:blank:]] of Perl is \t and what separates words.
const BLANK = '[\\p{Zs}\\t]'
const BLANKS = /[\p{Zs}\t]+/u
const PUNCT = `[-!"#$%&'()*+,.\\/:;<=>?@[\\\\\\]^\`{|}~]`
const WORD = '[\\p{L}\\p{M}\\p{N}\\p{Pc}]'
const END = `(?<!${PUNCT})(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`
const NAME = `(?!${PUNCT})(?:(?![~\\/=%^[\\]]\\p{Nd}+(?:$|${BLANK}))[^\\p{Zs}\\t:@#\\\\])+${END}`
const NOTE = /[\p{Zs}\t]*(?:#[\p{Zs}\t]*.*)?$/u
const TIME = '(?<year>\\d{4})-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z'
const LINE = new RegExp(
  `^${BLANK}*(?:@|${BLANK}*[+\\-]${BLANK}*)?(?<name>${NAME})(?:${BLANK}+)?(?:\\[(?<needs>[^\\]]+)\\]${BLANK}*)?(?:${TIME}${BLANK}*)?(?:(?<planner>[^<]+)${BLANK}+<[^>]+>)?$`,
  'u',
)
const PRAGMA = new RegExp(
  `^${BLANK}*%${BLANK}*((?!${PUNCT}).(?:[^\\p{Zs}\\t=]*?(?!${PUNCT}|${BLANK}).)?)(?:${BLANK}*=${BLANK}*(.+))?$`,
  'u',
)
const DEPENDENCY = new RegExp(
  `^(?<conflicts>!?)(?:(?<project>${NAME}):)?(?:(?<id>[0-9a-f]{40})|(?<change>${NAME})(?:@(?<tag>${NAME}))?|@(?<onlyTag>${NAME}))$`,
  'u',
)
