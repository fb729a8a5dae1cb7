/** Values as a program in Elixir writes them, for advice. */

function escaped(text: string): string {
  return text.replace(/\\|#(?=\{)/g, found => `\\${found}`).replaceAll('\r', '\\r')
}

/** `"a"`, and lines between three quotes, which end with a line break. */
export function quotedText(text: string): string {
  if (!text.includes('\n')) return `"${escaped(text).replaceAll('"', '\\"')}"`
  return `"""\n${escaped(text).replaceAll('"""', '\\"\\"\\"')}\n"""`
}

/** `:name`, or a text where it would need quotes. */
export function atom(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? `:${name}` : quotedText(name)
}

/** `name: :x, unique: true`, without what is null or false; false itself is given as a text. */
export function keywords(entries: Readonly<Record<string, string | boolean | null>>): string {
  const given = Object.entries(entries).filter(([, value]) => value !== null && value !== false)
  return given.map(([name, value]) => `${name}: ${value}`).join(', ')
}
