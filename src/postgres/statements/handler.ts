import type { NodeOf, StatementKind } from '../../parse/script.ts'
import type { Backend } from '../backend.ts'

/** The kinds that gram.y's `stmt:` can produce; the other `…Stmt` nodes stand inside others. */
export type TopLevelKind = Exclude<
  StatementKind,
  'RawStmt' | 'SetOperationStmt' | 'ReturnStmt' | 'PLAssignStmt' | 'ReplicaIdentityStmt'
>

/**
 * Executes one kind of statement on the model, in the order of PostgreSQL's own code: names the operations, takes the
 * locks, does the work, changes the catalog, or fails. Errors are thrown by `backend.fail` only.
 */
export type Handler<K extends TopLevelKind> = (backend: Backend, node: NodeOf<K>) => void

export type Handlers = { readonly [K in TopLevelKind]: Handler<K> }
