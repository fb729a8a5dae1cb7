import { hasNewFile, type Reads, type Relations } from '../../../src/node/server/relations.ts'
import type { Session } from '../../../src/node/server/session.ts'
import { namesOf, type Relation } from './relations.ts'

/**
 * Names of the tables that were read in full: at least 90 % of the rows. VACUUM and ANALYZE read pages and count no rows;
 * elsewhere pages say little, because writing touches them too.
 */
export function scansOf(
  reads: ReadonlyMap<string, Reads>,
  before: ReadonlyMap<string, Relation>,
  sql: string,
): string[] {
  const readsPages = /^\s*(vacuum|analyze)\b/i.test(sql)
  return namesOf(before, ({ oid }) => {
    const relation = before.get(oid)
    if (!relation || relation.rows === 0) return false
    const { returned = 0, fetched = 0, pages = 0 } = reads.get(oid) ?? {}
    const indexes = [...before.values()].filter(({ table }) => table === oid)
    const rows = indexes.reduce((sum, index) => sum + (reads.get(index.oid)?.fetched ?? 0), returned + fetched)
    const allPages = readsPages && relation.pages > 2 && pages >= 0.9 * relation.pages
    return rows >= 0.9 * relation.rows || allPages
  })
}

export interface NewFiles {
  readonly rewrites: string[]
  readonly indexRebuilds: string[]
}

/** Relations with a new file: tables and materialized views (rewritten), indexes (rebuilt). TRUNCATE gives new files and is not a rewrite. */
export function newFiles(before: ReadonlyMap<string, Relation>, after: Relations, sql: string): NewFiles {
  if (/\btruncate\b/i.test(sql)) return { rewrites: [], indexRebuilds: [] }
  return {
    rewrites: namesOf(before, relation => relation.kind !== 'index' && hasNewFile(relation, after)),
    indexRebuilds: namesOf(before, relation => relation.kind === 'index' && hasNewFile(relation, after)),
  }
}

/** Names of indexes that are not valid now but were, or are new. */
export async function invalidIndexes(session: Session): Promise<string[]> {
  const rows = await session.send(`
    SELECT relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid
    WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = 'app'::regnamespace ORDER BY relname COLLATE "C"`)
  return rows.map(([name]) => name ?? '')
}
