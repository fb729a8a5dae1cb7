import type { RelationKind } from '../../../src/postgres/catalog/catalog.ts'
import type { LockMode } from '../../../src/postgres/lock.ts'
import type { Version } from '../../../src/postgres/version.ts'

/** A statement to run on real servers, with the set-up that it needs. */
export interface Case {
  readonly id: string
  readonly group: string
  /** SQL that is run and committed first. */
  readonly setup: string
  /** SET statements of the session that runs `sql`. */
  readonly session?: string
  readonly sql: string
}

export interface Lock {
  readonly relation: string
  readonly kind: RelationKind
  readonly lock: LockMode
}

/** Whether a concurrent statement on the relation would have waited. */
export interface Blocked {
  readonly select: boolean
  readonly write?: boolean
  readonly insert?: boolean
}

/** The behaviour of one server in a case. Only fields for things that happened are set. */
export interface Result {
  /** The SQLSTATE of a set-up that is not valid on this version. No other field is set then. */
  readonly setupError?: string
  /** `ok`, or `error:<SQLSTATE>`. */
  readonly inTransaction?: string
  /** The statement cannot run in a transaction, so it ran on its own and its locks were sampled. */
  readonly method?: 'autocommit'
  readonly autocommitError?: string
  readonly locks?: readonly Lock[]
  readonly rewrites?: readonly string[]
  readonly indexRebuilds?: readonly string[]
  readonly scans?: readonly string[]
  readonly invalidIndexesLeft?: readonly string[]
  readonly blocks?: Readonly<Record<string, Blocked>>
}

export interface MeasuredCase extends Case {
  /** Groups of major versions that behaved alike. */
  readonly results: readonly { readonly versions: readonly Version[]; readonly result: Result }[]
}

export interface CaseFile {
  readonly about: string
  readonly cases: readonly MeasuredCase[]
}
