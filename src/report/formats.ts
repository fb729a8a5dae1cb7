/** The facts about a format besides its reporter. */
interface FormatFacts {
  /** The programs that read it: the row in README. */
  readonly for: string
  /** Hosts of repositories read it, and they know files by their paths from the repository's root. */
  readonly hosted?: true
  /** It has a place for findings only, and none for files that were not read. */
  readonly findingsAlone?: true
  /** The extension of files that the Action writes in this format, if it writes any. */
  readonly ending?: string
}

/**
 * The formats of lint, by the name for `--format`, in the order in which help and README list them. No reporter is
 * loaded here, because `--help` only needs the names; `reporters` in index.ts has one for each.
 */
export const formats = {
  text: { for: 'people at a terminal: the code, what it blocks, why, and what to do instead', ending: 'txt' },
  compact: { for: 'people who know the rules: a line per finding' },
  json: { for: 'programs: one document', ending: 'json' },
  jsonl: { for: 'programs: one finding per line', ending: 'jsonl', findingsAlone: true },
  sarif: { for: 'code scanning, on GitHub and elsewhere', hosted: true },
  github: { for: 'annotations in a pull request', hosted: true },
  gitlab: { for: "GitLab's code quality report", hosted: true, findingsAlone: true },
  junit: { for: 'the tests of any CI system: a suite per file, a failure per finding', ending: 'xml' },
  checkstyle: { for: "Jenkins, SonarQube, and whatever else reads Checkstyle's XML", findingsAlone: true },
  rdjson: { for: 'reviewdog', findingsAlone: true },
  gcc: { for: 'editors and build tools', findingsAlone: true },
  markdown: { for: 'a comment on a pull request, the summary of a job', ending: 'md' },
  html: { for: 'people in a browser: one page with filters, and a chart of what is locked when', ending: 'html' },
} as const satisfies Readonly<Record<string, FormatFacts>>

export type Format = keyof typeof formats

const facts: readonly (readonly [Format, FormatFacts])[] = Object.entries(formats) as [Format, FormatFacts][]

export const formatNames: readonly Format[] = facts.map(([name]) => name)

/** The formats in which files are named from the root of the repository. */
export const hostedFormats: readonly Format[] = facts.flatMap(([name, { hosted }]) => (hosted ? [name] : []))

/** The formats that cannot mention what was not read. */
export const silentFormats: readonly Format[] = facts.flatMap(([name, { findingsAlone }]) =>
  findingsAlone ? [name] : [],
)

/** File extensions, without the dot, and the format that the Action writes into such a file. */
export const formatsByEnding: ReadonlyMap<string, Format> = new Map(
  facts.flatMap(([name, { ending }]) => (ending === undefined ? [] : [[ending, name] as const])).sort(),
)

/** The formats of `locks`, `status` and `capture --check`. */
export const tableFormats = ['text', 'json'] as const
export type TableFormat = (typeof tableFormats)[number]

/** The formats of `trace`. */
export const traceFormats = [...tableFormats, 'html'] as const
export type TraceFormat = (typeof traceFormats)[number]
