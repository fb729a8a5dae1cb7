import { emptyCatalog } from './catalog/catalog.ts'
import { afterUnknown } from './catalog/doubt.ts'
import { type Databases, ended, type Session } from './session.ts'

/** `\connect` has no such argument. */
const first = ''

export const onlyHome: Databases = { home: first, here: first, others: new Map() }

/**
 * The session after `\connect` of psql: a new connection, to the database of this name or, for null, to an unknown one. The server
 * rolls back what was open (`do_connect` in psql/command.c ends the connection). `why`: why facts about it are not certain, a clause.
 */
export function connect(session: Session, to: string | null, why: string): Session {
  const left = session.scope === null ? { ...ended(session, false), settings: new Map() } : session
  const { here, others } = left.databases
  if (to !== null && to === here) return { ...left, catalog: afterUnknown(left.catalog, why, null) }
  const known = here === null ? others : new Map([...others, [here, left.catalog]])
  const there = (to === null ? undefined : known.get(to)) ?? emptyCatalog
  return {
    ...left,
    catalog: afterUnknown({ ...there, nextOid: left.catalog.nextOid }, why, null),
    databases: { ...left.databases, here: to, others: known },
  }
}

/**
 * The session at the end of a file: psql connects each file to the first database. If nothing is known of that one, the file may have made
 * the other one for all files, so that one is taken for it.
 */
export function comeHome(session: Session): Session {
  const { home, here, others } = session.databases
  const catalog = others.get(home)
  if (here === home || !catalog) return session
  const why = session.catalog.uncertain?.why ?? 'another database was changed'
  if (here !== null && catalog.relations.size === 0 && catalog.types.size === 0)
    return { ...session, catalog: afterUnknown(session.catalog, why, null), databases: { home: here, here, others } }
  return {
    ...session,
    catalog: afterUnknown({ ...catalog, nextOid: session.catalog.nextOid }, why, null),
    databases: { home, here: home, others: here === null ? others : new Map([...others, [here, session.catalog]]) },
  }
}
