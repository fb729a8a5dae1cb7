import type { Client } from 'pg'
import { Failure } from '../failure.ts'
import { type Block, blocks, Refused, type Row, type Session } from './session.ts'

/** How long one message may take. */
export interface Limit {
  readonly seconds: number
  /** Ends the server's process with this number. */
  readonly terminate: (process: string) => Promise<unknown>
}

/** Milliseconds for the server to end a process. After that, its connection is closed from here. */
const grace = 5_000

/**
 * A session over a connection that is open: simple queries, all values as text. Where there is a limit, a message that takes longer is
 * ended by another session, because the SQL of a migration can lift each limit of its own session; `send` then rejects with a Failure.
 */
export async function limitedSessionOver(client: Client, { seconds, terminate }: Limit): Promise<Session> {
  const session = sessionOver(client)
  const [[process] = []] = await session.send('SELECT pg_catalog.pg_backend_pid()')
  return {
    get block() {
      return session.block
    },
    end: session.end,
    send: async sql => {
      let isLate = false
      let closing: NodeJS.Timeout | undefined
      const limit = setTimeout(() => {
        isLate = true
        closing = setTimeout(() => client.connection.stream.destroy(), grace)
        void terminate(process ?? '').catch(() => {})
      }, seconds * 1000)
      try {
        return await session.send(sql)
      } catch (error) {
        throw isLate
          ? new Failure(`The server was stopped in a message that took more than ${seconds} seconds.`)
          : error
      } finally {
        clearTimeout(limit)
        clearTimeout(closing)
      }
    },
  }
}

const asText = { getTypeParser: () => (value: string) => value }

/** A session over a connection that is open: simple queries, all values as text. */
export function sessionOver(client: Client): Session {
  return {
    get block(): Block {
      return blocks.get(client.getTransactionStatus() ?? 'I') ?? 'idle'
    },
    send: async (sql: string): Promise<readonly Row[]> => {
      try {
        const answer = await client.query<(string | null)[]>({ text: sql, rowMode: 'array', types: asText })
        // The driver returns a list where the text has several statements.
        return [answer].flat().flatMap(({ rows }) => rows)
      } catch (error) {
        // The driver rejects when the refusal comes, and only after it the server tells in which state the session is.
        await client.query('').catch(() => {})
        throw error instanceof Error && 'severity' in error ? new Refused(error) : error
      }
    },
    end: () => client.end(),
  }
}

/** What ends a process of the server, in a session of its owner or a superuser. */
export function terminating(session: Session): Limit['terminate'] {
  return process => session.send(`SELECT pg_catalog.pg_terminate_backend(${Number(process)})`)
}
