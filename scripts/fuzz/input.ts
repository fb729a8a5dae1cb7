export type Files = ReadonlyMap<string, string | Uint8Array>

/** What is tried: files of strangers, and the text of their configuration. */
export interface Input {
  /** The name of its generator. */
  readonly kind: string
  /**
   * `migrations`: the files are linted in this order. `project`: they are a tree in which the migrations are to be found. `baseline`: they
   * are linted, and compared with what is accepted. `rows`: a project, compared with what a database has recorded of it. `event`: they
   * are what a runner of GitHub Actions and its API say.
   */
  readonly as: 'migrations' | 'project' | 'baseline' | 'rows' | 'event'
  readonly files: Files
  /** What is applied already, where that is another text. */
  readonly before?: Files
  /** The text of the baseline; or the rows of the tracking table, each as JSON in a line. */
  readonly given?: string
  /** JSON with comments; `{}` when the input is not about it. */
  readonly config: string
}

/** How many characters and bytes an input has. */
export function sizeOf({ files, config, given = '' }: Input): number {
  return [...files.values()].reduce((sum, content) => sum + content.length, config.length + given.length)
}

/** The input as a person can read it, and paste it into a test: every character that is not plain ASCII is escaped. */
export function shown({ kind, as, files, before, given, config }: Input): string {
  const lines = (all: Files) => [...all].map(([path, content]) => `  ${escaped(path)}: ${contentOf(content)}`)
  const past = before ? ['before:', ...lines(before), 'now:'] : []
  const beside = given === undefined ? [] : [`given: ${escaped(given)}`]
  return [`${kind}, read as ${as}, configuration ${escaped(config)}`, ...past, ...lines(files), ...beside].join('\n')
}

function contentOf(content: string | Uint8Array): string {
  if (typeof content === 'string') return escaped(content)
  return `bytes ${Buffer.from(content).toString('hex')}`
}

function escaped(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
