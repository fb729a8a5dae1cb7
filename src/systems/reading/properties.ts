import { parseLines } from 'dot-properties'

/** The settings of a Java properties file (java.util.Properties), by their keys in lower case; the last one of a name counts. */
export function properties(text: string): ReadonlyMap<string, string> {
  const pairs = parseLines(text).flatMap(line => (Array.isArray(line) ? [line] : []))
  return new Map(pairs.map(([key = '', value = '']) => [key.toLowerCase(), value.trim()]))
}
