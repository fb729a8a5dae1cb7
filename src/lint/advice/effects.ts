import { lookUp } from '../../parse/look-up.ts'
import type { Catalog, Oid, RelationKind } from '../../postgres/catalog/catalog.ts'
import type { Effect } from '../../postgres/effect.ts'
import type { LockMode } from '../../postgres/lock.ts'
import { blocksReads, blocksWrites } from '../../postgres/lock.ts'
import type { Config, TableSize } from '../config/config.ts'
import { nameMatcher } from '../config/glob.ts'
import type { EffectFilter, Effects } from '../rule.ts'
import { relationName } from './relations.ts'
import { raw, type Sql } from './sql.ts'

/** The size that the configuration's `tables` says a relation has; undefined: it says nothing. */
export function declaredSizes({ tables }: Pick<Config, 'tables'>): (relation: string) => TableSize | undefined {
  const entries = Object.entries(tables).map(([name, { size }]) => ({ matches: nameMatcher(name), size }))
  if (entries.length === 0) return () => undefined
  // The most specific entry wins: a plain name over a pattern, and a later entry over an earlier one.
  return relation => {
    const names = relation.includes('.') ? [relation] : [relation, `public.${relation}`]
    const exact = names.map(name => lookUp(tables, name)).find(entry => entry !== undefined)
    return (exact ?? entries.findLast(entry => names.some(entry.matches)))?.size
  }
}

/**
 * Decides by the configuration's `tables`, and by statistics, whether work on a relation may take time. Every relation may be large that is
 * neither called small nor was empty.
 */
export function sizes(config: Pick<Config, 'tables' | 'statistics'>): (relation: string) => boolean {
  const { tables, statistics } = config
  const counts = statistics && !statistics.isOld
  if (Object.keys(tables).length === 0 && !counts) return () => true
  const declared = declaredSizes({ tables })
  return relation => {
    const size = declared(relation)
    return size === undefined ? !(counts && statistics.of(relation)?.bytes === 0) : size !== 'small'
  }
}

/** The table that decides how much work an effect is: for an index its table, otherwise the relation itself. */
export function tableNameOf(effect: Effect, catalog: Catalog): string {
  const relation = catalog.relations.get(effect.oid)
  return (relation && 'table' in relation && relationName(catalog, relation.table)) || effect.relation
}

/** False for a materialized view that was never filled: every query of it fails, so nobody waits for it. */
export function isReadable(oid: Oid, catalog: Catalog): boolean {
  const own = catalog.relations.get(oid)
  const relation = own && 'table' in own ? catalog.relations.get(own.table) : own
  return !(relation?.kind === 'materialized view' && relation.complete && !relation.populated)
}

/** The effects that matter to a rule: others can be waiting for the relation, and it may be large. */
export function effectsOf(all: readonly Effect[], catalog: Catalog, isLarge: (relation: string) => boolean): Effects {
  return new EffectsInUse(all, catalog, isLarge)
}

class EffectsInUse implements Effects {
  readonly all: readonly Effect[]
  readonly #catalog: Catalog
  readonly #isLarge: (relation: string) => boolean
  /** Found out when a rule asks for them, because most statements have no work that any rule asks for. */
  #working: readonly Effect[] | undefined

  constructor(all: readonly Effect[], catalog: Catalog, isLarge: (relation: string) => boolean) {
    this.all = all
    this.#catalog = catalog
    this.#isLarge = isLarge
  }

  blockingWrites(filter: EffectFilter = {}): Effect | undefined {
    return this.#first(blocksWriters, filter)
  }

  blockingReads(filter: EffectFilter = {}): Effect | undefined {
    return this.#first(blocksReaders, filter)
  }

  #first(blocks: (effect: Effect) => boolean, { work, certain }: EffectFilter): Effect | undefined {
    this.#working ??= this.all.filter(
      effect =>
        effect.work !== 'none' &&
        effect.exposed &&
        isReadable(effect.oid, this.#catalog) &&
        this.#isLarge(tableNameOf(effect, this.#catalog)),
    )
    return this.#working.find(
      e => blocks(e) && (work === undefined || e.work === work) && (certain === undefined || e.certain === certain),
    )
  }
}

/** Only REFRESH writes to a materialized view. */
function blocksWriters({ kind, lock }: Effect): boolean {
  return kind === 'materialized view' ? blocksReads(lock) : blocksWrites(lock)
}

function blocksReaders({ lock }: Effect): boolean {
  return blocksReads(lock)
}

/** The effects that a report shows for a finding about locks: everything that others wait for, and all work. */
export function telling(effects: readonly Effect[]): Effect[] {
  return effects.filter(effect => effect.exposed && (effect.work !== 'none' || blocksWrites(effect.lock)))
}

/**
 * The effects that a report shows for a rewrite. The indexes of the table are left out, because they are always rebuilt
 * with it.
 */
export function ofTables(effects: readonly Effect[]): Effect[] {
  return telling(effects).filter(({ kind }) => kind !== 'index' && kind !== 'partitioned index')
}

type Waiting = 'reads and writes of' | 'writes to' | 'reads of' | 'refreshes of'

/**
 * For messages, before a table's name: the queries that wait for a holder of this lock. Null: neither reads nor writes wait. Nobody writes
 * to a materialized view.
 */
export function whoWaits(lock: LockMode | null, kind?: RelationKind): Waiting | null {
  const [reads, writes] = kind === 'materialized view' ? views : tables
  return blocksReads(lock) ? reads : blocksWrites(lock) ? writes : null
}

const tables = ['reads and writes of', 'writes to'] as const
const views = ['reads of', 'refreshes of'] as const

/** For messages: `blocks`, or `may block` if it depends on something that the migrations do not show. */
export function blocks({ certain }: Effect): Sql {
  return raw(certain ? 'blocks' : 'may block')
}

/** The severity that matches `blocks`: the rule's own; for `may block` a warning. */
export function asCertain({ certain }: Effect): { readonly severity?: 'warning' } {
  return certain ? {} : { severity: 'warning' }
}
