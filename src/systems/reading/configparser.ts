/**
 * The values of a file as Python's configparser reads it by default (Lib/configparser.py, RawConfigParser._read), by
 * section and name: `[alembic]` and `script_location = x` give `alembic.script_location`. Names of values are in lower
 * case. A value continues on indented lines; a `#` or `;` begins a comment only at the start of a line. `%(name)s` is
 * not replaced.
 */
export function configparser(text: string): ReadonlyMap<string, string> {
  return read(text).values
}

/** The first line, from 1, at which configparser stops; null if it reads the whole file. */
export function configparserProblem(text: string): { readonly line: number; readonly what: string } | null {
  return read(text).problem
}

function read(text: string) {
  const lists = new Map<string, string[]>()
  let section: string | null = null
  let open: { readonly indent: number; readonly lines: string[] } | null = null
  let problem: { line: number; what: string } | null = null
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    const start = line.trimStart()
    const content = start.trimEnd()
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue
    const indent = line.length - start.length
    if (open && indent > open.indent) {
      open.lines.push(content)
      continue
    }
    open = null
    if (content.startsWith('[') && content.lastIndexOf(']') > 1) {
      section = content.slice(1, content.lastIndexOf(']'))
      continue
    }
    const at = firstOf(content, '=', ':')
    if (section === null || at === 0) {
      problem ??= { line: i + 1, what: section === null ? 'no section before it' : 'no name before the delimiter' }
    } else if (at < 0) problem ??= { line: i + 1, what: 'neither a section nor a value' }
    else {
      open = { indent, lines: [content.slice(at + 1).trim()] }
      lists.set(`${section}.${content.slice(0, at).trim().toLowerCase()}`, open.lines)
    }
  }
  return { values: new Map([...lists].map(([name, lines]) => [name, lines.join('\n')])), problem }
}

/** The first place of either of two characters; -1 if there is none. */
function firstOf(text: string, one: string, other: string): number {
  const [a, b] = [text.indexOf(one), text.indexOf(other)]
  return a < 0 || b < 0 ? Math.max(a, b) : Math.min(a, b)
}
