import { lookUp } from './look-up.ts'

/** File extensions by how their language writes a comment of one line: `{}` stands for its text. */
const styles: Readonly<Record<string, string>> = {
  '# {}': 'py pyi rb ex exs yaml yml toml coffee sh pl conf plan properties',
  '// {}': 'js cjs mjs jsx ts cts mts tsx go java kt kts groovy scala cs fs php swift rs dart',
  '<!-- {} -->': 'xml',
}

const byEnd = Object.fromEntries(
  Object.entries(styles).flatMap(([style, ends]) => ends.split(' ').map(end => [end, style])),
)

/**
 * A comment of one line with this text, in the language that the extension of a file shows. It is a comment of SQL for
 * an unknown language; null for JSON, which has none.
 */
export function commentIn(path: string, text: string): string | null {
  const end = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  if (end === 'json') return null
  return (lookUp(byEnd, end) ?? '-- {}').replace('{}', () => text)
}
