import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Version } from '../../../src/postgres/version.ts'
import { nativeFolder, type ServerVersion } from './installed.ts'

export interface Server {
  readonly major: Version
  readonly port: number
  /** The number of its first process. */
  readonly process: number
  /** A folder of the server's own user, for tablespaces and COPY. */
  readonly scratch: string
  /** A new connection as the superuser `postgres`. The caller ends it. */
  connect(database?: string): Promise<Client>
  /** Ends the server and removes its files. */
  stop(): Promise<void>
}

// PostgreSQL refuses to run as root, so root hands the server to "nobody".
const NOBODY = 65534

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  wal_level: 'logical',
  max_connections: '20',
  max_prepared_transactions: '5',
  shared_buffers: '64MB',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
  log_min_messages: 'fatal',
}

/**
 * Starts a fresh PostgreSQL server of one version in a temporary folder: superuser `postgres` without a password,
 * loopback only, TimeZone UTC, no parallel workers, no autovacuum. Throws when the server is not installed or does not
 * answer within 30 seconds.
 */
export async function startServer(
  version: ServerVersion,
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const native = nativeFolder(version)
  const major = typeof version === 'number' ? version : 12
  const root = mkdtempSync(join(tmpdir(), `postgres-${major}-`))
  const data = join(root, 'data')
  const scratch = join(root, 'scratch')
  mkdirSync(scratch)
  const isRoot = process.getuid?.() === 0
  const owner = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  if (isRoot) for (const folder of [root, scratch]) chownSync(folder, NOBODY, NOBODY)
  chmodSync(root, 0o700)

  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']
  execFileSync(join(native, 'bin', 'initdb'), initdb, { ...owner, cwd: root, stdio: 'ignore' })

  const port = await freePort()
  const options = Object.entries({ ...SETTINGS, ...settings, port: String(port) }).flatMap(([k, v]) => [
    '-c',
    `${k}=${v}`,
  ])
  const child = spawn(join(native, 'bin', 'postgres'), ['-D', data, ...options], {
    ...owner,
    cwd: root,
    stdio: 'ignore',
  })
  const killAtExit = () => child.kill('SIGINT')
  process.once('exit', killAtExit)
  const connect = async (database = 'postgres') => {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  await untilReady(child, connect)
  return {
    major,
    port,
    process: child.pid ?? 0,
    scratch,
    connect,
    stop: async () => {
      process.off('exit', killAtExit)
      await ended(child)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

async function untilReady(child: ChildProcess, connect: () => Promise<Client>): Promise<void> {
  let last: unknown
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`postgres ended with exit code ${child.exitCode}`)
    try {
      const client = await connect()
      await client.end()
      return
    } catch (error) {
      last = error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  await ended(child)
  throw new Error('postgres does not answer', { cause: last })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGINT') // fast shutdown: rolls back whatever is open
  })
}
