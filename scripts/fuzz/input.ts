export type Files = ReadonlyMap<string, string | Uint8Array>

/** What is tried: files of strangers, and the text of their configuration. */
export interface Input {
  /** The name of its generator. */
  readonly kind: string
  /** `migrations`: the files are linted in this order. `project`: they are a tree in which the migrations are to be found. */
  readonly as: 'migrations' | 'project'
  readonly files: Files
  /** What is applied already, where that is another text. */
  readonly before?: Files
  /** JSON with comments; `{}` when the input is not about it. */
  readonly config: string
}

/** How many characters and bytes an input has. */
export function sizeOf({ files, config }: Input): number {
  return [...files.values()].reduce((sum, content) => sum + content.length, config.length)
}

/** The input as a person can read it, and paste it into a test: every character that is not plain ASCII is escaped. */
export function shown({ kind, as, files, before, config }: Input): string {
  const lines = (all: Files) => [...all].map(([path, content]) => `  ${escaped(path)}: ${contentOf(content)}`)
  const past = before ? ['before:', ...lines(before), 'now:'] : []
  return [`${kind}, linted as ${as}, configuration ${escaped(config)}`, ...past, ...lines(files)].join('\n')
}

function contentOf(content: string | Uint8Array): string {
  if (typeof content === 'string') return escaped(content)
  return `bytes ${Buffer.from(content).toString('hex')}`
}

function escaped(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
