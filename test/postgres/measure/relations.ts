import { type Relations, relationsIn, type ServerRelation } from '../../../src/node/server/relations.ts'
import type { Session } from '../../../src/node/server/session.ts'

/** A relation as it was before the statement, with what only a small database can be asked for. */
export interface Relation extends ServerRelation {
  readonly pages: number
  readonly rows: number
  readonly isPartition: boolean
  readonly columns: string
}

/** All relations that are not of an extension by oid, in order of creation, with their exact number of rows. */
export async function readRelations(session: Session): Promise<ReadonlyMap<string, Relation>> {
  const known = await relationsIn(session)
  const rows = await session.send(`
    SELECT c.oid, c.relispartition,
      CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) / 8192 ELSE 0 END,
      (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '')
    FROM pg_class c
    WHERE NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
    ORDER BY c.oid`)
  const relations = new Map<string, Relation>()
  for (const [oid, isPartition, size, columns] of rows) {
    const relation = known.get(oid ?? '')
    if (!relation || relation.isTemporary) continue
    const pages = Number(size)
    const [[count] = []] =
      pages > 0 ? await session.send(`SELECT count(*) FROM ONLY "${relation.schema}"."${relation.name}"`) : []
    const more = { pages, rows: Number(count ?? 0), isPartition: isPartition === 't', columns: columns ?? '' }
    relations.set(relation.oid, { ...relation, ...more })
  }
  return relations
}

/** The name in reports: without the schema when that is `app`. */
export function nameOf({ schema, name }: ServerRelation): string {
  return schema === 'app' ? name : `${schema}.${name}`
}

/** The names of some of the relations, sorted. */
export function namesOf(before: Relations, isMeant: (relation: ServerRelation) => boolean): string[] {
  return [...before.values()].filter(isMeant).map(nameOf).sort()
}
