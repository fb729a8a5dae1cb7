import type { PGlite, PGliteOptions } from '@electric-sql/pglite'
import { lookUp } from '../../parse/look-up.ts'
import { processorTime } from '../clock.ts'
import { Failure, reason } from '../failure.ts'
import { Clients } from './clients.ts'
import { type Block, blocks, type ClientServer, Refused, type Row, type Session } from './session.ts'

type Library = typeof import('@electric-sql/pglite')

/**
 * PostgreSQL compiled to WebAssembly, in this process. It has no files, processes or network of the machine: whatever a migration does ends
 * with it. It serves one session at a time. `extensions`: the names of those that migrations create; the ones that PGlite has are loaded.
 * `seconds`: how long one message of a client may take. Rejects with a Failure if the package is not installed.
 */
export async function startPglite(extensions: readonly string[], seconds: number): Promise<ClientServer> {
  const library = await pgliteLibrary()
  const loaded = await extensionsOf(extensions)
  const limit = new Limit(seconds)
  let database = limit.on(await opened(library, loaded))
  let isTaken = false
  const clients = new Clients(bytes => database.execProtocolRaw(bytes))
  const [row] = await (await sessionOf(database, library)).send('SHOW server_version')
  const version = row?.[0] ?? ''
  return {
    name: `PGlite, PostgreSQL ${version}`,
    version: Number.parseInt(version, 10),
    servesMany: false,
    others: async () => null,
    connect: async () => {
      if (isTaken) throw new Failure('PGlite serves one session at a time.')
      isTaken = true
      const session = await sessionOf(database, library)
      return Object.assign(session, {
        end: async () => {
          // What a closed connection does, for the next one: it is the same backend.
          if (!session.isLost) {
            if (session.block !== 'idle') await session.send('ROLLBACK')
            await session.send('DISCARD ALL')
          }
          isTaken = false
        },
      })
    },
    login: { user: 'postgres', password: 'postgres', database: 'postgres' },
    openWire: async receive => clients.open(receive),
    empty: async () => {
      if (!limit.isOver) await database.close()
      database = limit.on(await opened(library, loaded))
    },
    stop: async () => {
      if (!limit.isOver) await database.close()
    },
  }
}

async function pgliteLibrary(): Promise<Library> {
  try {
    return await import('@electric-sql/pglite')
  } catch {
    throw new Failure(
      'A trace needs a PostgreSQL to run the migrations on. Install the one that runs in this process with "npm install --save-dev @electric-sql/pglite", or give --server for one that is installed here, or --database-url.',
    )
  }
}

async function opened(library: Library, extensions: Extensions): Promise<PGlite> {
  try {
    return await library.PGlite.create({ extensions })
  } catch (error) {
    throw new Failure(`PGlite does not start: ${reason(error)}.`)
  }
}

/** PGlite knows no time limit, and nothing else happens in this process while it works: no timer, and no Ctrl-C that a command waits for. */
class Limit {
  readonly #seconds: number
  /** A message took too long, and the database of that moment no longer answers. */
  isOver = false

  constructor(seconds: number) {
    this.#seconds = seconds
  }

  /** The database, which now throws when a message takes too long. */
  on(database: PGlite): PGlite {
    this.isOver = false
    const answer = database.execProtocolRawSync.bind(database)
    database.execProtocolRawSync = message => {
      let bytes: Uint8Array = new Uint8Array()
      const work = () => {
        bytes = answer(message)
      }
      this.isOver ||= processorTime.stopped?.(work, this.#seconds * 1000) ?? false
      if (this.isOver) throw new Error(`PGlite has stopped: a message took more than ${this.#seconds} seconds`)
      return bytes
    }
    return database
  }
}

/** Simple queries as the wire protocol has them, without types: all values stay text. */
async function sessionOf(database: PGlite, { protocol }: Library): Promise<Session & { readonly isLost: boolean }> {
  const session = {
    block: 'idle' as Block,
    isLost: false,
    send: async (sql: string): Promise<readonly Row[]> => {
      const query = protocol.serialize.query(sql)
      const { messages } = await database.execProtocol(query, { throwOnError: false }).catch(error => {
        session.isLost = true
        throw error
      })
      const rows: Row[] = []
      let isReady = false
      let refusal: Refused | null = null
      for (const message of messages) {
        const { name } = message
        if (name === 'dataRow') rows.push((message as unknown as { readonly fields: Row }).fields)
        else if (name === 'error') refusal = new Refused(message as unknown as Error & { code?: string })
        else if (name === 'readyForQuery') {
          isReady = true
          session.block = blocks.get((message as unknown as { readonly status: string }).status) ?? 'idle'
        }
      }
      if (refusal) throw refusal
      if (!isReady) {
        session.isLost = true
        throw new Error('PGlite cannot do that, and has stopped')
      }
      return rows
    },
    end: async () => {},
  }
  return session
}

type Extensions = NonNullable<PGliteOptions['extensions']>

/** The extensions that PGlite brings with it, by their names in SQL. A bundler must see each import. */
const contrib: Readonly<Record<string, () => Promise<Extensions>>> = {
  amcheck: async () => ({ amcheck: (await import('@electric-sql/pglite/contrib/amcheck')).amcheck }),
  bloom: async () => ({ bloom: (await import('@electric-sql/pglite/contrib/bloom')).bloom }),
  btree_gin: async () => ({ btree_gin: (await import('@electric-sql/pglite/contrib/btree_gin')).btree_gin }),
  btree_gist: async () => ({ btree_gist: (await import('@electric-sql/pglite/contrib/btree_gist')).btree_gist }),
  citext: async () => ({ citext: (await import('@electric-sql/pglite/contrib/citext')).citext }),
  cube: async () => ({ cube: (await import('@electric-sql/pglite/contrib/cube')).cube }),
  dict_int: async () => ({ dict_int: (await import('@electric-sql/pglite/contrib/dict_int')).dict_int }),
  dict_xsyn: async () => ({ dict_xsyn: (await import('@electric-sql/pglite/contrib/dict_xsyn')).dict_xsyn }),
  earthdistance: async () => ({
    earthdistance: (await import('@electric-sql/pglite/contrib/earthdistance')).earthdistance,
  }),
  fuzzystrmatch: async () => ({
    fuzzystrmatch: (await import('@electric-sql/pglite/contrib/fuzzystrmatch')).fuzzystrmatch,
  }),
  hstore: async () => ({ hstore: (await import('@electric-sql/pglite/contrib/hstore')).hstore }),
  intarray: async () => ({ intarray: (await import('@electric-sql/pglite/contrib/intarray')).intarray }),
  isn: async () => ({ isn: (await import('@electric-sql/pglite/contrib/isn')).isn }),
  lo: async () => ({ lo: (await import('@electric-sql/pglite/contrib/lo')).lo }),
  ltree: async () => ({ ltree: (await import('@electric-sql/pglite/contrib/ltree')).ltree }),
  pg_stat_statements: async () => ({
    pg_stat_statements: (await import('@electric-sql/pglite/contrib/pg_stat_statements')).pg_stat_statements,
  }),
  pg_trgm: async () => ({ pg_trgm: (await import('@electric-sql/pglite/contrib/pg_trgm')).pg_trgm }),
  pgcrypto: async () => ({ pgcrypto: (await import('@electric-sql/pglite/contrib/pgcrypto')).pgcrypto }),
  seg: async () => ({ seg: (await import('@electric-sql/pglite/contrib/seg')).seg }),
  tablefunc: async () => ({ tablefunc: (await import('@electric-sql/pglite/contrib/tablefunc')).tablefunc }),
  tcn: async () => ({ tcn: (await import('@electric-sql/pglite/contrib/tcn')).tcn }),
  tsm_system_rows: async () => ({
    tsm_system_rows: (await import('@electric-sql/pglite/contrib/tsm_system_rows')).tsm_system_rows,
  }),
  tsm_system_time: async () => ({
    tsm_system_time: (await import('@electric-sql/pglite/contrib/tsm_system_time')).tsm_system_time,
  }),
  unaccent: async () => ({ unaccent: (await import('@electric-sql/pglite/contrib/unaccent')).unaccent }),
  'uuid-ossp': async () => ({ uuid_ossp: (await import('@electric-sql/pglite/contrib/uuid_ossp')).uuid_ossp }),
}

async function extensionsOf(names: readonly string[]): Promise<Extensions> {
  const loaded = await Promise.all(names.map(name => lookUp(contrib, name)?.() ?? {}))
  return loaded.reduce((all, each) => Object.assign(all, each), {})
}
