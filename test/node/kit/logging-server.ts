import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeFolder } from '../../postgres/servers/installed.ts'

export interface Logged {
  /** The number of the server's process. */
  readonly connection: number
  readonly text: string
  readonly parameters: readonly (string | null)[]
}

export interface LoggedServer {
  /** A folder for `--server`: the server that it starts logs all statements. */
  readonly folder: string
  /** What clients other than migrate-lint have sent, in the order in which the server has run it. */
  logged(): Logged[]
  remove(): void
}

/** PostgreSQL 17 with `log_statement = all`. */
export function loggingServer(): LoggedServer {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'logging-server-')))
  const [folder, log] = [join(root, 'bin'), join(root, 'log')]
  for (const each of [folder, log]) mkdirSync(each)
  // Root hands the server to another user, who writes here.
  chmodSync(root, 0o755)
  chmodSync(log, 0o777)
  const bin = join(nativeFolder(17), 'bin')
  const settings = {
    logging_collector: 'on',
    log_destination: 'jsonlog',
    log_directory: log,
    log_filename: 'log',
    log_file_mode: '0644',
    log_min_messages: 'log',
    log_statement: 'all',
    log_parameter_max_length: '-1',
  }
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  const script = (name: string, more: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\nexec '${join(bin, name)}' "$@" ${more}\n`, { mode: 0o755 })
  }
  script('initdb', '')
  script('postgres', flags.join(' '))
  return {
    folder,
    logged: () =>
      readdirSync(log)
        .filter(name => name.endsWith('.json'))
        .flatMap(name => readFileSync(join(log, name), 'utf8').trim().split('\n'))
        .flatMap(line => loggedIn(JSON.parse(line))),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

interface Line {
  readonly pid: number
  readonly application_name?: string
  readonly message: string
  readonly detail?: string
}

function loggedIn({ pid, application_name: application, message, detail = '' }: Line): Logged[] {
  const [, text] = /^(?:statement|execute [^:]*): ([\s\S]*)$/.exec(message) ?? []
  if (text === undefined || application === 'migrate-lint') return []
  return [{ connection: pid, text: text.trim(), parameters: parametersIn(detail) }]
}

/** `Parameters: $1 = 'a', $2 = NULL` */
function parametersIn(detail: string): (string | null)[] {
  const values = detail.matchAll(/\$\d+ = (?:NULL|'((?:[^']|'')*)')/g)
  return [...values].map(([, value]) => value?.replaceAll("''", "'") ?? null)
}
