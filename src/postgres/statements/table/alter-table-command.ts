import type { AlterTableCmd, AlterTableType } from '@pgsql/types'
import type { Span } from '../../../parse/span.ts'
import type { Backend } from '../../backend.ts'
import type { Table } from '../../catalog/catalog.ts'
import type { LockMode } from '../../lock.ts'

/** One sub-command of ALTER TABLE, with everything that it needs to run. */
export interface Command {
  readonly cmd: AlterTableCmd
  readonly span: Span
  readonly keyword: Span
  /** The table at the start of the sub-command. */
  readonly table: Table
  /** ALTER TABLE ONLY: descendants are not touched. */
  readonly only: boolean
  /** The lock that the statement as a whole takes on the table, and those that its sub-commands take on descendants. */
  readonly mode: LockMode
  /** All sub-commands of the statement. */
  readonly all: readonly AlterTableCmd[]
}

/** Sub-commands run in passes, whatever their order in the text: all drops come first. Source: AlterTablePass in tablecmds.c. */
export const passes = [
  'drop',
  'alter type',
  'add column',
  'set expression',
  'column attributes',
  'add index',
  'add constraint',
  'misc',
] as const

export type Pass = (typeof passes)[number]

/** A sub-command: the lock it needs (AlterTableGetLockLevel), when it runs (ATPrepCmd), and what it does (ATExecCmd). */
export interface Subcommand {
  readonly lock: LockMode | ((cmd: AlterTableCmd, backend: Backend) => LockMode)
  readonly pass: Pass | ((cmd: AlterTableCmd) => Pass)
  readonly run: (backend: Backend, command: Command) => void
}

export type Subcommands = { readonly [T in AlterTableType]: Subcommand }
