/**
 * The values of a TOML file by their full names: `[migrate]` and `table-name = "x"` give `migrate.table-name`. Enough of
 * TOML 1.0 for configuration files: strings, booleans, arrays of them (a list), and any other value as its source text.
 * Null when a line is none of TOML.
 */
export type TomlValue = string | boolean | readonly string[]

export function toml(text: string): ReadonlyMap<string, TomlValue> | null {
  const values = new Map<string, TomlValue>()
  let table = ''
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const line = withoutComment(lines[i] ?? '').trim()
    if (line === '') continue
    const header = /^\[\[?\s*([^[\]]+?)\s*\]\]?$/.exec(line)
    if (header) {
      table = `${name(header[1] ?? '')}.`
      continue
    }
    const pair = /^((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=\s*(.+)$/.exec(line)
    if (!pair) return null
    let source = pair[2] ?? ''
    while (!isComplete(source) && i + 1 < lines.length) source += `\n${withoutComment(lines[++i] ?? '')}`
    if (!isComplete(source)) return null
    values.set(table + name(pair[1] ?? ''), value(source.trim()))
  }
  return values
}

function name(key: string): string {
  return (key.match(/[\w-]+|"[^"]*"|'[^']*'/g) ?? []).map(part => part.replace(/^["']|["']$/g, '')).join('.')
}

const STRING = /^(?:"""([\s\S]*)"""|'''([\s\S]*)'''|"((?:[^"\\]|\\.)*)"|'([^']*)')$/

function value(source: string): TomlValue {
  if (source === 'true' || source === 'false') return source === 'true'
  const string = STRING.exec(source)
  if (string) return (string[1] ?? string[2] ?? string[3] ?? string[4] ?? '').replace(/\\(["\\])/g, '$1')
  if (!source.startsWith('[')) return source
  return [...source.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(([, basic, literal]) => basic ?? literal ?? '')
}

/** The line up to a `#` that is not in a string. */
function withoutComment(line: string): string {
  const comment = /^(?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*/.exec(line)?.[0] ?? ''
  return line[comment.length] === '#' ? comment : line
}

/** False while an array, an inline table or a string of several lines is open. */
function isComplete(source: string): boolean {
  for (const quotes of ['"""', "'''"]) if (source.trim().startsWith(quotes)) return source.split(quotes).length > 2
  const bare = source.replace(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g, '')
  return count(bare, /[[{]/g) <= count(bare, /[\]}]/g)
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
