export type Files = ReadonlyMap<string, string | Uint8Array>

/** An input to try: files of strangers, and the text of their configuration. */
export interface Input {
  /** The name of its generator. */
  readonly kind: string
  /**
   * `migrations`: lints the files in this order. `project`: finds the migrations in the files as a tree. `baseline`: lints the files and
   * compares them with a baseline. `rows`: compares a project with the rows of a database. `event`: the files are the event of a runner of
   * GitHub Actions and the answers of its API. `server`: the files name the version of a server. `sizes`: lints the files with the sizes of
   * tables. `layers`: the files are configurations that build on each other.
   */
  readonly as: 'migrations' | 'project' | 'baseline' | 'rows' | 'event' | 'server' | 'sizes' | 'layers'
  readonly files: Files
  /** The applied files, if their texts differ. */
  readonly before?: Files
  /** The text of the baseline or of the sizes; the rows of the tracking table, each as JSON in a line; or `plugins`, to load them. */
  readonly given?: string
  /** JSON with comments; `{}` if the input is not about the configuration. */
  readonly config: string
}

/** How many characters and bytes an input has. */
export function sizeOf({ files, config, given = '' }: Input): number {
  return [...files.values()].reduce((sum, content) => sum + content.length, config.length + given.length)
}

/** The input for people, to read or to paste into a test: every character outside of printable ASCII is escaped. */
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
