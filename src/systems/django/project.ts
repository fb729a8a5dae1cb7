import { contribModels } from './contrib.ts'
import type { Settings } from './settings.ts'
import type { State } from './state.ts'

/**
 * The states of a project between its migrations, in the order in which Django applies them to a new database. States share everything
 * that does not change.
 */
export class Project {
  readonly settings: Settings
  readonly #places: ReadonlyMap<string, number>
  readonly #ids: readonly string[]
  readonly #after = new Map<string, State>()

  /** `ids` of all migrations, in their order: `shop.0001_initial`. */
  constructor(ids: readonly string[], settings: Settings) {
    this.settings = settings
    this.#ids = ids
    this.#places = new Map(ids.map((id, i) => [id, i]))
  }

  /** The state before a migration. Apps with an earlier migration that was not read have a gap. */
  before(id: string): State {
    const place = this.#places.get(id) ?? 0
    const missing = new Set<string>()
    for (let i = place - 1; i >= 0; i--) {
      const each = this.#ids[i] ?? ''
      const state = this.#after.get(each)
      if (state) return missing.size === 0 ? state : { ...state, gaps: new Set([...state.gaps, ...missing]) }
      missing.add(appOf(each))
    }
    const start = emptyState(this.settings)
    return missing.size === 0 ? start : { ...start, gaps: missing }
  }

  after(id: string): State | undefined {
    return this.#after.get(id)
  }

  keep(id: string, state: State): void {
    this.#after.set(id, state)
  }
}

/** The app of a migration: `shop` of `shop.0001_initial`. */
export function appOf(id: string): string {
  return id.split('.', 1)[0] ?? id
}

function emptyState(settings: Settings): State {
  const models = contribModels()
  return { settings, models, catalog: new Map(), collations: new Set(), gaps: new Set() }
}
