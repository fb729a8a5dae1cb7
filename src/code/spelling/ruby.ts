/** Values as a program in Ruby writes them, for advice. */

/** `"a"`, and `'say "a"'`. */
export function quotedText(text: string): string {
  if (text.includes('"') && !/['\\\n\r]/.test(text)) return `'${text}'`
  const escaped = text.replace(/[\\"]|#(?=[{$@])/g, found => `\\${found}`)
  return `"${escaped.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`
}

/** Lines as a document that means nothing but itself: `<<~'SQL'`. */
export function argument(text: string): string {
  const lines = text.split('\n')
  if (lines.length === 1 || lines.some(line => line.trim() === 'SQL' || line.includes('\r'))) return quotedText(text)
  return `<<~'SQL'\n${lines.map(line => (line === '' ? '' : `  ${line}`)).join('\n')}\nSQL`
}

/** `:name`, or a text where it would need quotes. */
export function symbol(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? `:${name}` : quotedText(name)
}

/** `:name`, or `[:a, :b]`. */
export function symbols(names: readonly string[]): string {
  const [first, ...more] = names.map(symbol)
  return first !== undefined && more.length === 0 ? first : `[${names.map(symbol).join(', ')}]`
}

/** `name: "x", unique: true`, without what is null or false; false itself is given as a text. */
export function options(entries: Readonly<Record<string, string | boolean | null>>): string {
  const given = Object.entries(entries).filter(([, value]) => value !== null && value !== false)
  return given.map(([name, value]) => `${name}: ${value}`).join(', ')
}
