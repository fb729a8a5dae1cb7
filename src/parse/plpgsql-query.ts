/** SQL in PL/pgSQL as it is written, beside the query that PL/pgSQL makes of it. */

/** True when `query` is what PL/pgSQL sends for `written`: the same, or with INTO and its targets blanked. */
export function sameSql(written: string, query: string): boolean {
  if (written === query || query.startsWith(written)) return true
  const [prefix, suffix] = shared(written, query)
  return prefix > 0 && query.slice(prefix, query.length - suffix).trim() === ''
}

/** plpgsql's PERFORM becomes SELECT (pl_gram.y, stmt_perform); the rest is verbatim. */
export function isPerform(written: string, query: string): boolean {
  return /^perform\b/i.test(written) && query.trim().slice(6).trim() === written.slice(7).trim()
}

/**
 * `written` as PL/pgSQL sends it, as long as `written`: make_execsql_stmt() in pl_gram.y puts a space for each byte of
 * INTO and its targets, which is a different number of UTF-16 units when a name is not ASCII.
 */
export function sentFor(written: string, query: string): string {
  if (query.length === written.length || query.startsWith(written)) return query
  const [prefix, suffix] = shared(written, query)
  const end = written.length - suffix
  return written.slice(0, prefix) + ' '.repeat(Math.max(0, end - prefix)) + written.slice(end)
}

/** How many characters two texts have in common at the start and at the end, without overlap. */
function shared(a: string, b: string): [prefix: number, suffix: number] {
  const most = Math.min(a.length, b.length)
  let prefix = 0
  while (prefix < most && a[prefix] === b[prefix]) prefix++
  let suffix = 0
  while (suffix < most - prefix && a[a.length - 1 - suffix] === b[b.length - 1 - suffix]) suffix++
  return [prefix, suffix]
}
