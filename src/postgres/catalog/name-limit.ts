import { isPlaceholder } from '../../parse/placeholder.ts'
import { withoutTrailing } from '../../parse/trailing.ts'

/** Bytes that a name may have, in UTF-8: NAMEDATALEN of pg_config_manual.h without the zero at its end. */
export const nameLimit = 63

/**
 * The part of a name that PostgreSQL keeps, as truncate_identifier() of scansup.c does: a character that would be cut
 * in two is left out. A name with a placeholder is not cut, because its real length is unknown.
 */
export function truncated(name: string): string {
  if (isPlaceholder(name)) return name
  const bytes = new TextEncoder().encode(name)
  if (bytes.length <= nameLimit) return name
  return withoutTrailing(new TextDecoder().decode(bytes.subarray(0, nameLimit)), '\ufffd')
}
