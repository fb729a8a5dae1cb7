import { parseUint64 } from '../reading/version.ts'

/** A file's name as golang-migrate reads it: `000001_users.up.sql`. */
export interface GolangName {
  /** As it is written in the name. */
  readonly digits: string
  readonly version: bigint
  readonly direction: 'up' | 'down'
  /** The part after the direction: `sql`. */
  readonly ending: string
}

/**
 * `source.Regex`, source/parse.go, which Hasura uses as well: `^([0-9]+)_(.*)\.(down|up)\.(.*)$`, with the last
 * direction if there are several.
 */
export function golangName(name: string): GolangName | null {
  const [digits = ''] = /^[0-9]+(?=_)/.exec(name) ?? []
  const version = parseUint64(digits)
  const [up, down] = [name.lastIndexOf('.up.'), name.lastIndexOf('.down.')]
  const direction = up > down ? 'up' : 'down'
  const at = Math.max(up, down)
  if (version === null || at <= digits.length) return null
  return { digits, version, direction, ending: name.slice(at + direction.length + 2) }
}
