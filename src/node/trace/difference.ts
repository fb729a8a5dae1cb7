import { type Catalog, emptyCatalog, type Relation, type RelationKind } from '../../postgres/catalog/catalog.ts'
import { displayName } from '../../postgres/catalog/name.ts'
import { isIndex } from '../../postgres/catalog/relation.ts'
import { blocksWrites, type LockMode, strongest } from '../../postgres/lock.ts'
import type { Step } from '../../postgres/step.ts'
import type { Difference, Seen, SeenRelation } from '../../report/trace/trace.ts'

interface Predicted {
  readonly lock: LockMode | null
  readonly work: boolean
  readonly certain: boolean
  /** The model keeps the locks of earlier statements only on what others may be using. */
  readonly exposed: boolean
}

/**
 * Where the server did something else than the model says: each is a defect of this program. Only certain predictions are compared, and
 * statements whose effects are unknown are not. `steps`: those of one statement; more than one for a DO block.
 */
export function differencesOf(steps: readonly Step[], seen: Seen): Difference[] {
  const [first] = steps
  if (!first || first.statement.kind === 'TransactionStmt') return []
  const isKnown = steps.every(({ opaque, unless }) => opaque === null && unless === null)
  if (seen.refused) {
    const { sqlstate } = seen.refused
    const isExpected = steps.some(
      ({ error, unless, refusedInTransaction }) =>
        (error ?? unless)?.sqlstate === sqlstate || (sqlstate === '25001' && refusedInTransaction !== undefined),
    )
    return isKnown && !isExpected ? [{ kind: 'refused', sqlstate }] : []
  }
  const accepted = steps.flatMap(({ error }): Difference[] =>
    error ? [{ kind: 'accepted', sqlstate: error.sqlstate }] : [],
  )
  if (accepted.length > 0 || !isKnown || seen.locksSeen === 'none') return accepted
  const predicted = predictions(steps)
  const shown = new Map(seen.relations.map(each => [each.relation, each]))
  const isWhole = seen.locksSeen === 'all'
  const missing = [...predicted].flatMap(([relation, { lock, work, certain, exposed }]): Difference[] => {
    const { lock: own = null, work: did = 'none', isOwn = false } = shown.get(relation) ?? {}
    if (!certain || isOwn) return []
    return [
      ...(isOther(lock, own, exposed) && isWhole
        ? [{ kind: 'lock', relation, predicted: lock, seen: own } as const]
        : []),
      ...(work && did === 'none' ? [{ kind: 'work', relation, predicted: true } as const] : []),
    ]
  })
  const others = seen.relations.filter(({ isOwn }) => !isOwn)
  // What a trigger does that is not read is not predicted.
  const isRead = steps.every(({ unreadTrigger }) => unreadTrigger === undefined)
  const unforeseen = isRead ? others.filter(({ relation }) => !predicted.has(relation)).flatMap(unforeseenIn) : []
  const isUnread = madeUnread(unforeseen.length > 0 ? first.before : emptyCatalog)
  return [
    ...missing,
    ...unforeseen.filter(({ relation }) => !isUnread(relation)),
    ...(seen.waits === 'tried' ? others.flatMap(waitingIn) : []),
  ]
}

/** A difference at one relation. */
type OnRelation = Extract<Difference, { readonly relation: string }>

/** Whether a relation is one that something has made or made a part of another that was not read, such as dynamic SQL: nothing is predicted about it. */
function madeUnread({ relations, uncertain }: Catalog): (relation: string) => boolean {
  if (uncertain === null) return () => false
  const isWhole = (relation: Relation | undefined): boolean =>
    relation?.complete === true && (!isIndex(relation) || isWhole(relations.get(relation.table)))
  const known = new Set([...relations.values()].filter(isWhole).map(displayName))
  return relation => !known.has(relation)
}

/** What the locks mean, which are compared with the prediction, is not what another session has met. */
function waitingIn({ relation, waiting, meant }: SeenRelation): Difference[] {
  const isMeant = waiting.reads === meant.reads && waiting.writes === meant.writes
  return isMeant ? [] : [{ kind: 'waiting', relation, predicted: meant, seen: waiting }]
}

function isOther(predicted: LockMode | null, seen: LockMode | null, exposed: boolean): boolean {
  return exposed ? predicted !== seen : strongest(predicted, seen) !== seen
}

/** Which other tables these look at depends on the rows that there are. */
const writes: ReadonlySet<Step['statement']['kind']> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
])

/** The weak locks on an index depend on the plan of a query. */
function isByPlan(kind: RelationKind, lock: LockMode | null): boolean {
  return kind.endsWith('index') && !blocksWrites(lock) && lock !== 'ShareUpdateExclusiveLock'
}

/**
 * PostgreSQL 18.6 locks a sequence whose name an expression has that it stores, such as a default with nextval(). Earlier minor versions do not
 * (18.4 and those before it were asked), and nobody waits for that lock but who drops or alters the sequence.
 */
function isByMinorVersion(kind: RelationKind, lock: LockMode | null): boolean {
  return kind === 'sequence' && lock === 'AccessShareLock'
}

function unforeseenIn({ relation, kind, lock, isTaken, work }: SeenRelation): OnRelation[] {
  return [
    ...(isTaken && !isByPlan(kind, lock) && !isByMinorVersion(kind, lock)
      ? [{ kind: 'lock', relation, predicted: null, seen: lock } as const]
      : []),
    ...(work === 'none' ? [] : [{ kind: 'work', relation, predicted: false } as const]),
  ]
}

/** What the statement does to each relation, together with the locks that its transaction already has. */
function predictions(steps: readonly Step[]): ReadonlyMap<string, Predicted> {
  const all = new Map<string, Predicted>()
  for (const { effects, transaction, statement } of steps) {
    const isSure = statement.conditional !== true && !writes.has(statement.kind)
    for (const { relation, oid, kind, lock, work, certain, exposed } of effects) {
      const earlier = all.get(relation)
      const { mode: before = null, isDoubtful = false } = transaction.held.get(oid) ?? {}
      const held = strongest(before, lock)
      all.set(relation, {
        lock: strongest(earlier?.lock ?? null, held),
        exposed: (earlier?.exposed ?? true) && exposed,
        work: (earlier?.work ?? false) || work === 'rewrite' || work === 'rebuild',
        certain: (earlier?.certain ?? true) && certain && isSure && !isDoubtful && !isByPlan(kind, held),
      })
    }
  }
  return all
}
