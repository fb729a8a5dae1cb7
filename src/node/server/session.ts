import type { LockMode } from '../../postgres/lock.ts'

/** The state of a session between two messages: outside of a transaction block, in one, or in one that has failed. */
export type Block = 'idle' | 'open' | 'failed'

/** The states by the letters of ReadyForQuery (PostgreSQL manual, "Message Formats"). */
export const blocks: ReadonlyMap<string, Block> = new Map([
  ['I', 'idle'],
  ['T', 'open'],
  ['E', 'failed'],
])

/** A row: its values as PostgreSQL prints them. */
export type Row = readonly (string | null)[]

/** One connection to a server. Everything is sent as a simple query, as psql and most migration tools send migrations. */
export interface Session {
  /**
   * Sends a text, which may have several statements. Resolves with the rows of all of them. Rejects with a Refused if the server refuses one
   * of them, and with another Error if the connection is lost.
   */
  send(sql: string): Promise<readonly Row[]>
  /** The state after the last message. */
  readonly block: Block
  end(): Promise<void>
}

/** The server's refusal of a statement. */
export class Refused extends Error {
  readonly sqlstate: string
  readonly detail: string | null
  /** The character of the text that was sent, from 1, in Unicode characters; null: the server names none. */
  readonly position: number | null

  constructor(error: Readonly<{ message: string; code?: string; detail?: string; position?: string }>) {
    super(error.message)
    this.name = 'Refused'
    this.sqlstate = error.code ?? 'XX000'
    this.detail = error.detail ?? null
    this.position = error.position === undefined ? null : Number(error.position) || null
  }
}

/** A connection in the bytes of the wire protocol, for clients that speak it themselves. */
export interface Wire {
  /** Whole messages of the client. Resolves when the server has taken them. */
  send(messages: Uint8Array): Promise<void>
  end(): Promise<void>
}

/** A lock of a session. */
export interface HeldLock {
  readonly oid: string
  readonly mode: LockMode
  /** It waits for it. */
  readonly isWanted: boolean
}

/** Stops the process of a session for a moment, and lets it go on. */
export interface Halt {
  stop(): void
  goOn(): void
}

/** What a session can be watched with. */
export interface Others {
  /** Another session in the same database, which nobody else uses. */
  readonly session: Session
  /** How the process of a session with this number is stopped; null: it cannot be. */
  readonly halting: (backend: string) => Halt | null
  /** Gets the locks at each look, before the session goes on. With it, nothing waits between two looks. */
  readonly looked?: (locks: readonly HeldLock[]) => Promise<void>
}

/** A running PostgreSQL with an empty database for migrations. */
export interface TraceServer {
  /** For people: `PGlite 0.5.16, PostgreSQL 18.3`. */
  readonly name: string
  /** The major version. */
  readonly version: number
  /** A new session in the database. Rejects with a Failure where there can be only one. */
  connect(): Promise<Session>
  /** True if several sessions can be open at a time, so that one can be watched from another. */
  readonly servesMany: boolean
  /** What a session can be watched with, a new session among it; null: there can be only one. */
  others(): Promise<Others | null>
  /** Makes the database empty again. All sessions must have ended. */
  empty(): Promise<void>
  /** Ends the server, and removes what it has left. */
  stop(): Promise<void>
}

/** One to which clients of their own can connect. */
export interface ClientServer extends TraceServer {
  /** How they log in. */
  readonly login: { readonly user: string; readonly password: string; readonly database: string }
  /** A connection for a client. `receive` gets what the server sends; `lost` is called when the connection ends by itself. */
  openWire(receive: (bytes: Uint8Array) => void, lost: () => void): Promise<Wire>
}
