import { databaseOfUrl } from '../../systems/reading/database.ts'
import { Failure } from '../failure.ts'

/** Other tools have other schemes for the same address: `jdbc:postgresql:`, `pgx5:`, `postgresql+psycopg:`. */
export function addressOf(given: string): URL {
  const [, scheme = ''] = /^(?:jdbc:)?([a-z][a-z0-9+.-]*):/i.exec(given.trim()) ?? []
  const other = scheme === '' || scheme === 'socket' ? undefined : databaseOfUrl(`${scheme}:`)
  if (scheme === '' || (scheme !== 'socket' && other !== 'postgresql')) {
    const is = other === undefined ? '' : `, and not for ${other}`
    throw new Failure(`The address of the database must be like postgres://user@host:5432/name${is}.`)
  }
  // A bare % in a password makes the driver encode the whole address a second time.
  const whole = given.trim().replace(/%(?![0-9a-f]{2})/gi, '%25')
  const plain = whole.replace(/^(?:jdbc:)?[a-z][a-z0-9+.-]*:/i, scheme === 'socket' ? 'socket:' : 'postgres:')
  try {
    // An address with a user but without a host, as for a socket, is not valid in the standard for URLs.
    return new URL(
      plain
        .replace(/^(postgres:\/\/[^/?#@]*@)(?=[/?#]|$)/, '$1localhost')
        .replace(/^postgres:\/\/(?=$|\?)/, 'postgres:///'),
    )
  } catch {
    throw new Failure(
      'The address of the database cannot be read: it must be like postgres://user@host:5432/name, with signs such as @, / and # in a password written as %40, %2F and %23.',
    )
  }
}

/** The address with the settings of the session, in the words of libpq. It may only read, unless it is asked for one that writes. */
export function prepared(address: URL, use: 'reads' | 'writes' = 'reads'): URL {
  const url = new URL(address)
  const { searchParams: query } = url
  if (query.has('service')) throw new Failure('Service files are not read: give host and name in the address.')
  const said = query.get('sslmode') ?? (/^(true|1)$/.test(query.get('ssl') ?? '') ? 'require' : process.env.PGSSLMODE)
  const isSocket =
    url.protocol === 'socket:' || /^(\/|%2f)/i.test(query.get('host') ?? (url.hostname || process.env.PGHOST || ''))
  const mode = said === 'no-verify' ? 'require' : said === 'allow' ? 'prefer' : said || 'prefer'
  if (!sslModes.includes(mode)) throw new Failure(`There is no sslmode "${mode}". There are ${sslModes.join(', ')}.`)
  query.delete('ssl')
  query.set('sslmode', isSocket ? 'disable' : mode)
  const root = query.get('sslrootcert') ?? process.env.PGSSLROOTCERT
  if (root === 'system') query.delete('sslrootcert')
  else if (root) query.set('sslrootcert', root)
  else if (mode === 'verify-ca')
    throw new Failure('sslmode=verify-ca needs the certificate of an authority: sslrootcert=<file>.')
  query.set('uselibpqcompat', 'true')
  query.set('application_name', 'migrate-lint')
  const options = query.get('options') ?? process.env.PGOPTIONS ?? ''
  if (use === 'reads') query.set('options', `${options} ${READ_ONLY}`.trim())
  return url
}

/**
 * True if a password may be sent unencrypted: on this machine, or because the address asks for an unencrypted
 * connection.
 */
export function isLocal({ hostname, searchParams }: URL): boolean {
  const host = searchParams.get('host') ?? (hostname || process.env.PGHOST || 'localhost')
  return searchParams.get('sslmode') === 'disable' || /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(host)
}

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full']

const READ_ONLY = '-c default_transaction_read_only=on'

/** An address that asks for less and is worth another try; null: there is none. */
export function yielding(url: URL, error: unknown): URL | null {
  const message = error instanceof Error ? error.message : ''
  const other = new URL(url)
  const { searchParams: query } = other
  if (query.get('sslmode') === 'prefer' && /does not support SSL/.test(message)) {
    query.set('sslmode', 'disable')
    return other
  }
  // PgBouncer refuses parameters that it does not know. The transaction is read-only in any case.
  const options = query.get('options') ?? ''
  if (options.endsWith(READ_ONLY) && /unsupported startup parameter/i.test(message)) {
    query.set('options', options.slice(0, -READ_ONLY.length).trim())
    if (query.get('options') === '') query.delete('options')
    return other
  }
  return null
}

/** The parts of the address that must never be shown, as they were written and decoded. */
export function secretsOf({ password, searchParams }: URL): string[] {
  const all = [password, searchParams.get('password'), process.env.PGPASSWORD]
  return all.flatMap(secret => (secret ? [secret, decoded(secret)] : []))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
