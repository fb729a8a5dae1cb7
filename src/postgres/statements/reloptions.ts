import type { Node } from '@pgsql/types'
import { lookUp } from '../../parse/look-up.ts'
import type { Backend } from '../backend.ts'
import type { Relation } from '../catalog/catalog.ts'
import { repeated } from '../catalog/name.ts'

/** The first major version that has an option, when not all supported versions do; `until` is the last. */
interface Option {
  readonly since?: number
  readonly until?: number
}

const autovacuum: Readonly<Record<string, Option>> = {
  autovacuum_enabled: {},
  autovacuum_vacuum_threshold: {},
  autovacuum_vacuum_max_threshold: { since: 18 },
  autovacuum_vacuum_insert_threshold: { since: 13 },
  autovacuum_vacuum_scale_factor: {},
  autovacuum_vacuum_insert_scale_factor: { since: 13 },
  autovacuum_vacuum_cost_delay: {},
  autovacuum_vacuum_cost_limit: {},
  autovacuum_freeze_min_age: {},
  autovacuum_freeze_max_age: {},
  autovacuum_freeze_table_age: {},
  autovacuum_multixact_freeze_min_age: {},
  autovacuum_multixact_freeze_max_age: {},
  autovacuum_multixact_freeze_table_age: {},
  log_autovacuum_min_duration: {},
  vacuum_index_cleanup: {},
  vacuum_truncate: {},
  vacuum_max_eager_freeze_failure_rate: { since: 18 },
}

const heap: Readonly<Record<string, Option>> = {
  ...autovacuum,
  fillfactor: {},
  autovacuum_analyze_threshold: {},
  autovacuum_analyze_scale_factor: {},
  toast_tuple_target: {},
  parallel_workers: {},
  user_catalog_table: {},
  oids: {},
}

/** The options by the kind of object. Source: the tables of reloptions.c, of all supported versions. */
const known: Readonly<Record<string, Readonly<Record<string, Option>>>> = {
  heap,
  toast: autovacuum,
  view: { security_barrier: {}, check_option: {}, security_invoker: { since: 15 } },
  btree: { fillfactor: {}, deduplicate_items: { since: 13 }, vacuum_cleanup_index_scale_factor: { until: 13 } },
  hash: { fillfactor: {} },
  gist: { fillfactor: {}, buffering: {} },
  spgist: { fillfactor: {} },
  gin: { fastupdate: {}, gin_pending_list_limit: {} },
  brin: { pages_per_range: {}, autosummarize: {} },
}

/** SET and WITH give an option once. Source: parse_one_reloption in reloptions.c. */
export function requireDistinctOptions(backend: Backend, list: readonly Node[] | undefined): void {
  const names = (list ?? []).flatMap(item =>
    'DefElem' in item ? [`${item.DefElem.defnamespace ?? ''}.${item.DefElem.defname ?? ''}`.toLowerCase()] : [],
  )
  const twice = repeated(names)
  if (twice === undefined) return
  backend.fail('22023', `parameter "${twice.slice(twice.indexOf('.') + 1)}" specified more than once`)
}

/** Names that none of the versions in question knows fail with 22023. Access methods of extensions have their own options. */
export function requireKnownOptions(backend: Backend, relation: Relation, names: Iterable<string>): void {
  const owner =
    'method' in relation
      ? relation.method
      : relation.kind === 'view'
        ? 'view'
        : 'accessMethod' in relation && relation.accessMethod
          ? relation.accessMethod
          : 'heap'
  for (const name of names) {
    const toast = name.startsWith('toast.')
    const options = lookUp(known, toast ? 'toast' : owner)
    if (!options) continue
    const option = lookUp(options, toast ? name.slice('toast.'.length) : name)
    if (!option || !backend.has(option)) backend.fail('22023', `unrecognized parameter "${name}"`)
  }
}
