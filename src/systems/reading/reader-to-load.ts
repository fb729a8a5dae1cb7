import type { MigrationReader, ReaderToLoad } from '../../code/reader.ts'

/** A reader that is loaded once, by `load`, when it is first needed. */
export function readerToLoad(load: () => Promise<MigrationReader>): ReaderToLoad {
  let loading: Promise<MigrationReader> | null = null
  return {
    load: () => {
      loading ??= load()
      return loading
    },
  }
}
