import type { AlterTableStmt, CreateStmt, IndexStmt, Node, RangeVar, RenameStmt } from '@pgsql/types'
import type { Written } from '../../code/written.ts'
import type { InputFile, SchemaFile } from '../../migration/migration.ts'
import type { Statement, StatementKind } from '../../parse/script.ts'
import { descend } from '../../parse/stackless.ts'
import type { ExecutedPart } from '../../postgres/step.ts'

/** What is in the database before the first migration, from a file that shows the schema. */

/** A file as it was parsed. */
interface ParsedFile {
  readonly parts: readonly ExecutedPart[]
  readonly script: { readonly source: { readonly text: string } }
  readonly input: { readonly kind: string }
  readonly written?: Written
}

/**
 * The statements that make what is there before the first of the other files. If the schema shows their results, it says nothing about what
 * they made, renamed or removed: neither tables, nor columns and constraints of older tables.
 */
export function partsBefore(
  { shows }: InputFile & SchemaFile,
  { parts }: ParsedFile,
  others: readonly ParsedFile[],
): readonly ExecutedPart[] {
  if (shows === 'before') return parts
  const touched = new Touched()
  for (const file of others) touched.addFile(file)
  return parts.map(part => ({ ...part, statements: part.statements.flatMap(each => touched.rest(each)) }))
}

/** What migrations may have changed. */
class Touched {
  /** Names of tables, indexes, types and the like that they create, rename or drop. */
  readonly #made = new Set<string>()
  /** Names of columns and constraints that they change, by table. */
  readonly #parts = new Map<string, Set<string>>()

  addFile({ parts, written, script, input }: ParsedFile): void {
    const { text } = script.source
    if (input.kind === 'code' && !written) this.#addWords(text)
    for (const { opaque, call } of written?.up ?? [])
      if (opaque !== undefined) this.#addWords(text.slice(call[0], call[1]))
    for (const { statements } of parts) for (const each of statements) this.#add(each, text)
  }

  /** Nothing is known about code that was not read, except for the names that it has. */
  #addWords(text: string): void {
    for (const [word] of text.matchAll(/\w+/g)) this.#made.add(word)
  }

  #add({ kind, node, body }: Statement, text: string): void {
    if (body) {
      for (const each of body.statements) this.#add(each, text)
      for (const { span } of body.opaque) this.#addWords(text.slice(span[0], span[1]))
    } else if (kind === 'CreateStmt') this.#made.add((node as CreateStmt).relation?.relname ?? '')
    else if (kind === 'IndexStmt') this.#made.add((node as IndexStmt).idxname ?? '')
    else if (kind === 'AlterTableStmt') {
      const { relation, cmds } = node as AlterTableStmt
      this.#addParts(relation, (cmds ?? []).flatMap(namesOfChange))
    } else if (kind === 'RenameStmt') this.#addRename(node as RenameStmt)
    else if (!changesNothing.has(kind)) for (const name of namesIn(node)) this.#made.add(name)
  }

  #addRename(node: RenameStmt): void {
    const { relation, subname = '', newname = '', renameType } = node
    if (renameType === 'OBJECT_COLUMN' || renameType === 'OBJECT_TABCONSTRAINT')
      this.#addParts(relation, [subname, newname])
    else for (const name of namesIn(node)) this.#made.add(name)
  }

  #addParts(relation: RangeVar | undefined, names: readonly string[]): void {
    const table = relation?.relname ?? ''
    const known = this.#parts.get(table) ?? new Set()
    for (const name of names) known.add(name)
    this.#parts.set(table, known)
  }

  #has(table: RangeVar | undefined, part?: string): boolean {
    const name = table?.relname ?? ''
    if (this.#made.has(name)) return true
    return part !== undefined && (this.#made.has(part) || this.#parts.get(name)?.has(part) === true)
  }

  /** The part of a statement of the schema that is older than the migrations, as a statement; none if there is none. */
  rest(statement: Statement): Statement[] {
    const { kind, node } = statement
    if (kind === 'CreateStmt') {
      const { relation, tableElts = [], ...others } = node as CreateStmt
      if (this.#has(relation)) return []
      const left = tableElts.filter(each => !namesOfElement(each).some(name => this.#has(relation, name)))
      return [{ ...statement, node: { relation, tableElts: left, ...others } }]
    }
    if (kind === 'IndexStmt') {
      const { relation, idxname, indexParams = [] } = node as IndexStmt
      return [idxname ?? '', ...namesIn(indexParams)].some(name => this.#has(relation, name)) ? [] : [statement]
    }
    if (kind === 'AlterTableStmt') {
      const { relation, cmds } = node as AlterTableStmt
      return namesIn(cmds).some(name => this.#has(relation, name)) ? [] : [statement]
    }
    return older.has(kind) && !namesIn(node).some(name => this.#made.has(name)) ? [statement] : []
  }
}

/** Other statements of a schema that say something about tables. */
const older: ReadonlySet<StatementKind> = new Set<StatementKind>([
  ...(['CreateSchemaStmt', 'CreateExtensionStmt', 'CreateEnumStmt', 'CreateDomainStmt', 'CreateSeqStmt'] as const),
  ...(['AlterSeqStmt', 'VariableSetStmt', 'SelectStmt'] as const),
])

/** Statements that leave definitions as they are. */
const changesNothing: ReadonlySet<StatementKind> = new Set<StatementKind>([
  ...(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'SelectStmt', 'CommentStmt', 'GrantStmt', 'VacuumStmt'] as const),
  ...(['TransactionStmt', 'VariableSetStmt', 'LockStmt', 'RefreshMatViewStmt'] as const),
])

/** The column or constraint that a part of ALTER TABLE changes. What it adds to a column and names itself leaves that as it was. */
function namesOfChange(change: Node): readonly string[] {
  if (!('AlterTableCmd' in change)) return []
  const { name = '', def } = change.AlterTableCmd
  if (!def) return [name]
  if ('ColumnDef' in def) return [name, def.ColumnDef.colname ?? '']
  if ('Constraint' in def && def.Constraint.conname !== undefined) return [def.Constraint.conname]
  return [name, ...namesIn(def)]
}

/** A column by its name, and a constraint by its own name and those of its columns. */
function namesOfElement(element: Node): readonly string[] {
  if ('ColumnDef' in element) return [element.ColumnDef.colname ?? '']
  return 'Constraint' in element ? namesIn(element) : []
}

/** All names in a tree. Values are left out. */
function namesIn(tree: unknown): string[] {
  const names: string[] = []
  descend(tree, (key, node) => {
    if (key === 'A_Const') return false
    for (const value of Object.values(node)) if (typeof value === 'string') names.push(value)
    return true
  })
  return names
}
