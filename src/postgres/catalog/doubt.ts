import { isPlaceholder } from '../../parse/placeholder.ts'
import type { Statement } from '../../parse/script.ts'
import { descend } from '../../parse/stackless.ts'
import { ofLatest } from '../latest.ts'
import { firstOf } from './appended.ts'
import type { Catalog, Constraint, Oid, Relation, Type, Uncertain } from './catalog.ts'
import type { Column } from './column.ts'
import { nameKey } from './name.ts'
import { isIndex, isTable } from './relation.ts'

/**
 * Other databases that the migrations allow. Something that was not read (a migration in code, dynamic SQL, an unknown
 * function) may have changed whatever existed before it. An object of IF NOT EXISTS may have existed before and look
 * different.
 */

/** Why the facts about an object may be wrong, a clause; null: they are right. */
export function doubtOf(catalog: Catalog, object: Relation | Type): string | null {
  const { uncertain } = catalog
  if (object.doubt !== undefined) return object.doubt
  return uncertain !== null && object.oid < uncertain.until ? earlier(uncertain) : null
}

/**
 * Why some columns or constraints of a relation may be wrong, a clause; null: they are as right as the rest of it. Such a relation is never complete and
 * free of doubt: otherwise it would be known whether IF NOT EXISTS found the column.
 */
export function partlyDoubted(relation: Relation): string | null {
  return isTable(relation) ? (firstDoubted(relation.columns)?.doubt ?? null) : null
}

const firstDoubted = firstOf(({ doubt }: Pick<Column, 'doubt'>) => doubt !== undefined)

/** The table without the columns and constraints that may be wrong. Its doubtful indexes stay: they have a doubt of their own. */
function withoutParts(relation: Relation): Relation {
  if (partlyDoubted(relation) === null || !isTable(relation)) return relation
  const isCertain = ({ doubt }: { readonly doubt?: string }) => doubt === undefined
  return {
    ...relation,
    complete: false,
    columns: relation.columns.filter(isCertain),
    constraints: relation.constraints.filter(each => isCertain(each) || isKept(each)),
  }
}

function earlier({ why, isShown }: Uncertain): string {
  return isShown ? why : `an earlier statement changed that (${why})`
}

/** The catalog after something unknown has happened in a migration: everything that is in it so far may be different. */
export function afterUnknown(catalog: Catalog, why: string, migration: number | null): Catalog {
  const first = catalog.uncertain?.isShown ? null : catalog.uncertain
  // What was dropped before that moment has a smaller number, and what is dropped later has not.
  const until = catalog.nextOid + 1
  return { ...catalog, nextOid: until, uncertain: { why: first?.why ?? why, until, migration } }
}

/** The catalog of a file that shows the database after the migrations: see `Uncertain`. It may have parts that are not listed. */
export function shownIn(catalog: Catalog, why: string): Catalog {
  const relations = catalog.relations.map(each => (isIndex(each) ? each : { ...each, complete: false }))
  return { ...catalog, relations, uncertain: { why, until: catalog.nextOid, migration: null, isShown: true } }
}

/** The names in a statement: of relations, types, functions, schemas, extensions. Values are left out. */
const namesIn = ofLatest((statement: Statement): ReadonlySet<string> => {
  const names = new Set<string>()
  descend(statement.node, (key, node) => {
    if (key === 'A_Const') return false
    for (const value of Object.values(node)) if (typeof value === 'string') names.add(value)
    return true
  })
  return names
})

export interface Named {
  readonly relations: readonly Relation[]
  readonly types: readonly Type[]
  readonly names: ReadonlySet<string>
  /** The schemas in which a name may be. */
  readonly schemas: ReadonlySet<string>
}

/** The objects that a statement names, of whatever kind, and the tables that its effects are on. */
export function namedBy(
  catalog: Catalog,
  statement: Statement,
  path: readonly string[],
  touched: readonly Oid[],
): Named {
  const names = namesIn(statement)
  const schemas = new Set(['pg_temp', ...path])
  for (const name of names) if (catalog.schemas.has(name) || isPlaceholder(name)) schemas.add(name)
  const oids = new Set<Oid>()
  for (const name of names) {
    for (const schema of schemas) {
      const relation = catalog.names.get(nameKey('relation', schema, name))
      if (relation !== undefined) oids.add(relation)
      const type = catalog.names.get(nameKey('type', schema, name))
      if (type !== undefined) oids.add(type)
    }
  }
  for (const oid of touched) oids.add(oid)
  const relations: Relation[] = []
  const types: Type[] = []
  for (const oid of oids) {
    const relation = catalog.relations.get(oid)
    if (relation) relations.push(relation)
    const type = catalog.types.get(oid)
    if (type) types.push(type)
  }
  return { relations, types, names, schemas }
}

/** Those keys of Catalog.dropped that a statement may mean. */
export function droppedBy(catalog: Catalog, { names, schemas }: Named): string[] {
  if (catalog.dropped.size === 0) return []
  return [...names].flatMap(name =>
    [...schemas].flatMap(schema =>
      [nameKey('relation', schema, name), nameKey('type', schema, name)].filter(key => catalog.dropped.has(key)),
    ),
  )
}

/** The doubts about what a statement names. */
export function doubtsAbout(catalog: Catalog, { relations, types }: Named): string[] {
  const own = [
    ...[...relations, ...types].flatMap(object => doubtOf(catalog, object) ?? []),
    ...relations.flatMap(relation => partlyDoubted(relation) ?? []),
  ]
  return [...new Set(catalog.uncertain === null ? own : [...own, earlier(catalog.uncertain)])]
}

/**
 * The catalog in which these objects, as far as they are doubtful, look like objects that no migration creates. Facts
 * that cause an alarm stay (other tables that are involved); facts that would silence one go. Indexes, types, functions
 * and extensions become entirely unknown. `refuted`: the facts are known to be wrong, so a table that IF NOT EXISTS
 * might have made existed before. Otherwise enums are still enums. The same catalog if none of them is doubtful.
 */
export function withoutFacts(catalog: Catalog, named: Named, refuted: boolean): Catalog {
  let left = withoutNames(catalog, named, refuted)
  for (const relation of named.relations) {
    const isDoubtful = doubtOf(catalog, relation) !== null
    if (!isDoubtful && partlyDoubted(relation) === null) continue
    if (isIndex(relation)) {
      left = withoutRelation(left, relation)
      continue
    }
    left = {
      ...left,
      relations: left.relations.set(
        relation.oid,
        isDoubtful ? blank(relation, refuted, catalog.uncertain?.migration ?? null) : withoutParts(relation),
      ),
    }
    for (const oid of isTable(relation) ? relation.indexes : []) {
      const index = left.relations.get(oid)
      // An index that was built since then exists, whatever else the table has.
      if (index && doubtOf(catalog, index) !== null) left = withoutRelation(left, index)
    }
  }
  return left
}

/** The catalog without those of these objects that are doubtful, and without everything that refers to them. */
export function withoutObjects(catalog: Catalog, named: Named): Catalog {
  let left = withoutNames(catalog, named, true)
  const also = named.relations.flatMap(({ oid }) => [...(catalog.mentioned.get(oid)?.keys() ?? [])])
  for (const relation of [...named.relations, ...also.flatMap(oid => catalog.relations.get(oid) ?? [])]) {
    if (doubtOf(catalog, relation) !== null) left = withoutRelation(left, relation)
  }
  return left
}

/** The catalog with only the certain objects and facts. */
export function onlyCertain(catalog: Catalog): Catalog {
  const keep = (object: Relation | Type) => doubtOf(catalog, object) === null
  const until = catalog.uncertain?.until ?? 0
  const relations = catalog.relations.filter(keep).map(withoutParts)
  const types = catalog.types.filter(keep)
  return {
    ...catalog,
    relations,
    types,
    routines: catalog.routines.filter(({ oid }) => oid >= until),
    routineNames: catalog.routineNames.map(oids => oids.filter(oid => oid >= until)),
    schemas: until > 0 ? catalog.schemas.map(schema => ({ ...schema, complete: false })) : catalog.schemas,
    names: catalog.names.filter(oid => relations.has(oid) || types.has(oid)),
    extensions: until > 0 ? catalog.extensions.clear() : catalog.extensions,
    others: until > 0 ? catalog.others.clear() : catalog.others,
    dropped: until > 0 ? catalog.dropped.filter(at => at >= until) : catalog.dropped,
    addedLabels: until > 0 ? catalog.addedLabels.map(each => ({ ...each, path: null })) : catalog.addedLabels,
  }
}

/** `refuted`: as of `withoutFacts`. */
function withoutNames(catalog: Catalog, named: Named, refuted: boolean): Catalog {
  const { types, names } = named
  const doubtful = types.filter(type => doubtOf(catalog, type) !== null)
  // Whatever was not read, nobody makes another kind of type under the name of an enum. But it may have been there before.
  const enums = refuted ? [] : doubtful.filter(({ kind }) => kind === 'enum')
  const gone = doubtful.filter(type => !enums.includes(type))
  const before = enums.reduce((all, type) => all.set(type.oid, { ...type, createdIn: null }), catalog.types)
  const left: Catalog =
    doubtful.length === 0
      ? catalog
      : {
          ...catalog,
          types: before.removeAll(gone.map(({ oid }) => oid)),
          names: catalog.names.removeAll(gone.map(({ schema, name }) => nameKey('type', schema, name))),
        }
  const { uncertain } = catalog
  if (uncertain === null) return left
  let { dropped, extensions, schemas, routineNames } = left
  const isEarlier = (key: string) => (catalog.dropped.get(key) ?? uncertain.until) < uncertain.until
  dropped = dropped.removeAll(droppedBy(catalog, named).filter(isEarlier))
  for (const name of names) {
    if (isEarlier(`schema:${name}`)) dropped = dropped.remove(`schema:${name}`)
    extensions = extensions.remove(name)
    const schema = schemas.get(name)
    if (schema?.complete) schemas = schemas.set(name, { ...schema, complete: false })
    for (const oid of catalog.mentioned.get(`routine:${name}`)?.keys() ?? []) {
      const routine = oid < uncertain.until ? catalog.routines.get(oid) : undefined
      if (!routine) continue
      const key = nameKey('routine', routine.schema, routine.name)
      const others = (routineNames.get(key) ?? []).filter(other => other !== oid)
      routineNames = others.length > 0 ? routineNames.set(key, others) : routineNames.remove(key)
    }
  }
  const isSame =
    dropped === left.dropped &&
    extensions === left.extensions &&
    schemas === left.schemas &&
    routineNames === left.routineNames
  return isSame ? left : { ...left, dropped, extensions, schemas, routineNames }
}

function withoutRelation(catalog: Catalog, relation: Relation): Catalog {
  return {
    ...catalog,
    relations: catalog.relations.remove(relation.oid),
    names: catalog.names.remove(nameKey('relation', relation.schema, relation.name)),
  }
}

/** Foreign keys, and constraints that a migration validates although none creates them. */
function isKept({ kind, expression }: Constraint): boolean {
  return kind === 'foreign key' || (kind === 'check' && expression === null)
}

/** `last`: the last migration that may have changed it. Columns and constraints that later ones have added are certain. */
function blank(relation: Relation, refuted: boolean, last: number | null): Relation {
  const isLater = (part: { readonly createdIn: number | null; readonly doubt?: string }) =>
    relation.doubt === undefined &&
    part.doubt === undefined &&
    last !== null &&
    part.createdIn !== null &&
    part.createdIn > last
  const createdIn = refuted && relation.doubt !== undefined ? null : relation.createdIn
  if (isTable(relation)) {
    return {
      ...relation,
      createdIn,
      complete: false,
      columns: relation.columns.filter(isLater),
      constraints: relation.constraints.filter(each => isKept(each) || isLater(each)),
      indexes: [],
      triggers: [],
      policies: [],
      rules: [],
      ofType: null,
      replicaIdentity: 'default',
      uses: [],
      populated: true,
      filled: false,
    }
  }
  if (relation.kind !== 'view') return { ...relation, createdIn, complete: false }
  const { base: _, ...view } = relation
  return { ...view, createdIn, complete: false, columns: [], uses: [], rules: [], triggers: [] }
}
