import type { Output, Source } from './level.ts'

/** The columns that the FROM entries of a query, or those with one alias, are known to have. */
export interface Group {
  readonly sources: Source[]
  /** Column name → the first two FROM entries that have it. */
  readonly columns: Map<string, { readonly source: Source; readonly column: Output }[]>
  /** The first two entries that may have unknown columns. */
  readonly open: Source[]
}

/** The names that a query can use, so that a reference is found without checking every FROM entry. */
export interface Names {
  readonly all: Group
  readonly byAlias: Map<string, Group>
}

const known = new WeakMap<readonly Source[], Names>()

/** The names of the FROM entries. Entries may have been added since the last call: the list only grows. */
export function namesOf(sources: readonly Source[]): Names {
  const names = known.get(sources) ?? { all: emptyGroup(), byAlias: new Map<string, Group>() }
  known.set(sources, names)
  for (const source of sources.slice(names.all.sources.length)) {
    const own = names.byAlias.get(source.alias) ?? emptyGroup()
    names.byAlias.set(source.alias, own)
    for (const group of [names.all, own]) add(group, source)
  }
  return names
}

function emptyGroup(): Group {
  return { sources: [], columns: new Map(), open: [] }
}

function add(group: Group, source: Source): void {
  group.sources.push(source)
  if (!source.complete && group.open.length < 2) group.open.push(source)
  for (const column of source.columns) {
    const having = group.columns.get(column.name)
    if (!having) group.columns.set(column.name, [{ source, column }])
    else if (having.length < 2 && having[0]?.source !== source) having.push({ source, column })
  }
}
