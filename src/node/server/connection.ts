import type { Client } from 'pg'
import { type Block, blocks, Refused, type Row, type Session } from './session.ts'

/** A session over a connection that is open: simple queries, all values as text. */
export function sessionOver(client: Client): Session {
  return {
    get block(): Block {
      return blocks.get(client.getTransactionStatus() ?? 'I') ?? 'idle'
    },
    send: async (sql: string): Promise<readonly Row[]> => {
      try {
        const answer = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })
        // The driver returns a list where the text has several statements.
        return [answer].flat().flatMap(({ rows }) => rows)
      } catch (error) {
        throw error instanceof Error && 'severity' in error ? new Refused(error) : error
      }
    },
    end: () => client.end(),
  }
}
