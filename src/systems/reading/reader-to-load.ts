import type { MigrationReader, ReaderToLoad } from '../../code/reader.ts'
import type { OnDemand } from './on-demand.ts'

/** The reader that `make` makes of a module once that is loaded. */
export function readerToLoad<T>(calls: OnDemand<T>, make: (calls: T) => MigrationReader): ReaderToLoad {
  let made: MigrationReader | null = null
  const of = (loaded: T) => {
    made ??= make(loaded)
    return made
  }
  return {
    load: async () => of(await calls.load()),
    now: () => {
      const loaded = calls()
      return loaded && of(loaded)
    },
  }
}
