import type { StatementKind } from '../../parse/script.ts'
import type { Fields } from './grammar.ts'

/** Options in parentheses of one kind of statement, with the version that introduced each (12: it always existed). */
export interface OptionList {
  /** For messages: `unrecognized VACUUM option`. */
  readonly title: string
  readonly field: string
  readonly options: Readonly<Record<string, number>>
  readonly when?: (node: Fields) => boolean
}

const all = (names: string): Record<string, number> => Object.fromEntries(names.split(' ').map(name => [name, 12]))

const subscription: Readonly<Record<string, number>> = {
  ...all('connect enabled create_slot slot_name copy_data synchronous_commit refresh'),
  binary: 14,
  streaming: 14,
  two_phase: 15,
  disable_on_error: 15,
  origin: 16,
  password_required: 16,
  run_as_owner: 16,
  failover: 17,
}

const publication: Readonly<Record<string, number>> = {
  publish: 12,
  publish_via_partition_root: 13,
  publish_generated_columns: 18,
}

/**
 * For these statements an unknown option fails with SQLSTATE 42601 before anything else is checked. ALTER PUBLICATION
 * checks other things first.
 */
export const optionLists: Readonly<Partial<Record<StatementKind, readonly OptionList[]>>> = {
  VacuumStmt: [
    {
      title: 'VACUUM',
      field: 'options',
      when: node => Boolean(node.is_vacuumcmd),
      options: {
        ...all('full freeze analyze verbose disable_page_skipping skip_locked index_cleanup truncate'),
        parallel: 13,
        process_toast: 14,
        process_main: 16,
        skip_database_stats: 16,
        only_database_stats: 16,
        buffer_usage_limit: 16,
      },
    },
    {
      title: 'ANALYZE',
      field: 'options',
      when: node => !node.is_vacuumcmd,
      options: { ...all('verbose skip_locked'), buffer_usage_limit: 16 },
    },
  ],
  ExplainStmt: [
    {
      title: 'EXPLAIN',
      field: 'options',
      options: {
        ...all('analyze verbose costs buffers settings timing summary format'),
        wal: 13,
        generic_plan: 16,
        serialize: 17,
        memory: 17,
      },
    },
  ],
  ReindexStmt: [{ title: 'REINDEX', field: 'params', options: all('verbose concurrently tablespace') }],
  ClusterStmt: [{ title: 'CLUSTER', field: 'params', options: all('verbose') }],
  CopyStmt: [
    {
      title: 'COPY',
      field: 'options',
      options: {
        ...all(
          'format freeze delimiter null header quote escape force_quote force_not_null force_null convert_selectively encoding',
        ),
        default: 16,
        on_error: 17,
        log_verbosity: 17,
        reject_limit: 18,
      },
    },
  ],
  CreateSubscriptionStmt: [{ title: 'subscription', field: 'options', options: subscription }],
  CreatePublicationStmt: [{ title: 'publication', field: 'options', options: publication }],
}
