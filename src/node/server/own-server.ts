import { randomBytes } from 'node:crypto'
import { addressOf, isLocal, prepared, secretsOf } from '../database/address.ts'
import { type Connecting, connected, told } from '../database/connecting.ts'
import { close, refuseClearText } from '../database/guarded-connection.ts'
import { Failure } from '../failure.ts'
import { limitedSessionOver, sessionOver, terminating } from './connection.ts'
import { handedOver, type LoggedIn, optionsOf } from './handed-over.ts'
import type { ClientServer } from './session.ts'

export interface OwnOptions {
  readonly url: string
  /** What the database is for. */
  readonly use?: 'trace' | 'capture'
  /** Go on even if the server looks like one that people use. */
  readonly inUse: boolean
  /** How long one message of a migration may take, in seconds. */
  readonly seconds: number
  /** What else the user can do about a server that looks like one in use, a clause after a comma or ''. */
  readonly orElse?: string
  /** Is told what is about to be done, a sentence. */
  readonly tell: (line: string) => void
}

/**
 * A new database on the server of the address, which is dropped at the end. Nothing else on that server is touched. Rejects with a Failure if
 * the role may not create databases, and if the server looks like one in production.
 */
export async function useServer({
  url: given,
  use = 'trace',
  inUse,
  orElse = ', or --in-use if it is meant',
  seconds,
  tell,
}: OwnOptions): Promise<ClientServer> {
  const address = prepared(addressOf(given), 'writes')
  const secrets = secretsOf(address)
  const inOneLine = <T>(what: string, work: () => Promise<T>) => told(what, secrets, work)
  const connecting: Connecting = {
    options: { connectionTimeoutMillis: 10_000 },
    guarded: client => (isLocal(address) ? undefined : refuseClearText(client)),
  }
  const admin = await inOneLine('The server cannot be reached', () => connected(address, connecting))
  try {
    const session = sessionOver(admin)
    const doubts = await inOneLine('The server cannot be read', () => signsOfUse(session))
    if (doubts.length > 0 && !inUse) {
      throw new Failure(
        `The server looks like one that is in use (${doubts.join('; ')}), and a ${use} runs migrations. Give the address of a server for tests${orElse}.`,
      )
    }
    const name = `migrate_lint_${use}_${randomBytes(6).toString('hex')}`
    const create = () =>
      inOneLine(`The role may not create a database for the ${use}`, async () => {
        await session.send(`CREATE DATABASE ${name}`)
      })
    tell(
      `A database ${name} is created on ${address.hostname || 'this machine'} for the ${use}, and dropped at its end.`,
    )
    await create()
    const drop = async () => {
      // Only sessions of this role: it may not end others, such as autovacuum, which DROP DATABASE ends by itself.
      await session.send(
        `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = '${name}' AND usename = session_user`,
      )
      await session.send(`DROP DATABASE IF EXISTS ${name}`)
    }
    const forget = bySignal(drop)
    const limit = { seconds, terminate: terminating(session) }
    const inside = new URL(address)
    inside.pathname = `/${name}`
    inside.searchParams.delete('dbname')
    const connect = () =>
      inOneLine('The new database cannot be opened', async () =>
        limitedSessionOver(await connected(inside, connecting), limit),
      )
    const [[version, user] = []] = await session.send(
      "SELECT pg_catalog.current_setting('server_version'), current_user",
    )
    const password = randomBytes(16).toString('hex')
    return {
      name: `PostgreSQL ${(version ?? '').split(' ', 1)[0]} at ${address.hostname || 'this machine'}`,
      version: Number.parseInt(version ?? '', 10),
      servesMany: true,
      connect,
      others: async () => ({ session: await connect(), halting: () => null }),
      login: { user: user ?? '', password, database: name },
      openWire: async (receive, lost) =>
        handedOver({ password, receive, lost, logIn: settings => loggedIn(inside, connecting, settings) }),
      empty: async () => {
        await drop()
        await create()
      },
      stop: async () => {
        forget()
        await inOneLine(`The database ${name} cannot be dropped`, drop)
        await close(admin)
      },
    }
  } catch (error) {
    await close(admin)
    throw error
  }
}

/** A connection with the settings that a client asks for, which are then those that RESET restores. */
async function loggedIn(address: URL, connecting: Connecting, asked: ReadonlyMap<string, string>): Promise<LoggedIn> {
  const own = new URL(address)
  const { searchParams: query } = own
  // The driver asks for a name by itself, and always for UTF-8.
  const name = asked.get('application_name')
  if (name !== undefined) query.set('application_name', name)
  const others = [...asked].filter(([key]) => key !== 'application_name' && key !== 'client_encoding')
  query.set('options', [query.get('options') ?? process.env.PGOPTIONS ?? '', optionsOf(others)].join(' ').trim())
  const settings = new Map<string, string>()
  let number = 0
  const client = await connected(own, {
    ...connecting,
    guarded: fresh => {
      connecting.guarded(fresh)
      fresh.connection.on('parameterStatus', ({ parameterName, parameterValue }) =>
        settings.set(parameterName, parameterValue),
      )
      fresh.connection.on('backendKeyData', ({ processID }) => {
        number = processID
      })
    },
  })
  try {
    const encoding = asked.get('client_encoding')
    if (encoding !== undefined)
      await client.query("SELECT pg_catalog.set_config('client_encoding', $1, false)", [encoding])
    return { client, settings, process: number }
  } catch (error) {
    await close(client)
    throw error
  }
}

/** Does this when a signal ends the process, and lets it end then. Returns a function that takes that back. */
function bySignal(work: () => Promise<void>): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const end = (signal: NodeJS.Signals) => {
    // A second signal ends the process at once.
    forget()
    const goOn = () => process.kill(process.pid, signal)
    work().then(goOn, goOn)
  }
  const forget = () => {
    for (const signal of signals) process.off(signal, end)
  }
  for (const signal of signals) process.on(signal, end)
  return forget
}

/** Signs of a server that people use, a clause each. */
async function signsOfUse(session: ReturnType<typeof sessionOver>): Promise<string[]> {
  const [[recovers, others, size] = []] = await session.send(`
    SELECT pg_catalog.pg_is_in_recovery(),
      (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity
        WHERE datname IS NOT NULL AND pid <> pg_catalog.pg_backend_pid() AND backend_type = 'client backend'),
      (SELECT pg_catalog.sum(pg_catalog.pg_database_size(oid)) / 1073741824 FROM pg_catalog.pg_database
        WHERE pg_catalog.has_database_privilege(oid, 'CONNECT'))::pg_catalog.int8`)
  const signs: string[] = []
  if (recovers === 't') signs.push('it is a standby')
  if (Number(others) > 0) signs.push(`other sessions are connected: ${others}`)
  if (Number(size) >= 5) signs.push(`its databases have ${size} GB`)
  return signs
}
