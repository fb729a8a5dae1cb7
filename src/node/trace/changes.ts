import type { Statement } from '../../parse/script.ts'
import type { CatalogChange } from '../../report/trace/trace.ts'
import { catalogOf, type DatabaseCatalog } from '../server/catalog.ts'
import type { Session } from '../server/session.ts'

/** What differs between two states of a database. Parts of what has come or gone as a whole are not listed. */
export function changesBetween(before: DatabaseCatalog, after: DatabaseCatalog): CatalogChange[] {
  const changes: CatalogChange[] = []
  for (const what of new Set([...before.keys(), ...after.keys()])) {
    const change = { what, before: before.get(what) ?? null, after: after.get(what) ?? null }
    if (change.before !== change.after) changes.push(change)
  }
  const whole = new Set(changes.filter(each => each.before === null || each.after === null).map(({ what }) => what))
  // `column id of table public.t`, `trigger a on table public.t`
  const around = (what: string) => what.slice(Math.max(what.lastIndexOf(' of '), what.lastIndexOf(' on ')) + 4)
  return changes.filter(({ what }) => !whole.has(around(what)))
}

/** What statements change in the catalog, one after the other, as their session sees it. */
export class Changes {
  readonly #session: Session
  #known: DatabaseCatalog

  private constructor(session: Session, known: DatabaseCatalog) {
    this.#session = session
    this.#known = known
  }

  static async from(session: Session): Promise<Changes> {
    return new Changes(session, await catalogOf(session))
  }

  /** The changes by a statement that has just run. */
  async by({ kind, node }: Statement): Promise<CatalogChange[]> {
    // SET TRANSACTION would fail after a query.
    const isBeginning = ['TRANS_STMT_BEGIN', 'TRANS_STMT_START'].includes(String(node.kind))
    if (kind === 'VariableSetStmt' || (kind === 'TransactionStmt' && isBeginning)) return []
    if (this.#session.block === 'failed') return []
    const before = this.#known
    this.#known = await catalogOf(this.#session)
    return changesBetween(before, this.#known)
  }
}
