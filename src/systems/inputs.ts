import type { AsideFile, CodeMigration, InputFile, MigrationInput, SqlMigration } from '../migration/migration.ts'
import type { Project } from './discover.ts'
import { besideIn } from './reading/beside.ts'
import type { Tree } from './reading/tree.ts'
import type { Aside, AsideKind, Migration, Schema } from './system.ts'

/**
 * The kinds of files that deserve a note of their own, because their authors believe that they run. The others are
 * obvious.
 */
const noted: ReadonlySet<AsideKind> = new Set(['never-runs', 'other-dialect', 'draft'])

/** The kinds of files that the tool does run, but not in the order of the migrations, and that are not read. */
const running: ReadonlySet<AsideKind> = new Set(['callback', 'repeatable', 'baseline', 'by-hand'])

/** The schema before them and the migrations of a project in the form that the engine reads, followed by the files that are not migrations. */
export function inputsOf({ migrations, asides, schema, system }: Project, tree: Tree): MigrationInput[] {
  return [
    ...(schema ? [schemaInput(schema, tree)] : []),
    ...migrations.map(migration => ({ id: migration.id, ...fileOf(migration), ...forward(migration, tree) })),
    ...asides.filter(({ kind }) => noted.has(kind)).flatMap(aside => noteOn(aside, tree)),
    ...asides
      .filter(({ kind }) => running.has(kind))
      .flatMap((aside): MigrationInput[] =>
        noteOn(aside, tree).map(note => ({
          ...note,
          runBy: system.title,
          ...(aside.kind === 'callback' && { runsBetween: true }),
        })),
      ),
  ]
}

/**
 * The down migrations, the last one first: the order in which they would run after all migrations, each by itself. They
 * must be read after the migrations, because they show nothing about the rest of the database.
 */
export function downInputsOf({ migrations }: Project, tree: Tree): MigrationInput[] {
  return [...migrations].reverse().flatMap((migration): MigrationInput[] => {
    const { path, content, execution, runner, downParts, downPath } = migration
    const back = { kind: 'sql', runner, execution: { ...execution, spansFiles: false }, down: path } as const
    if (downPath !== undefined) {
      const found = contentOf(tree, downPath)
      return found === null ? [] : [{ path: downPath, content: found, ...back }]
    }
    if (migration.opaque !== undefined) {
      const { opaque, language, reader } = migration
      const code = { kind: 'code', opaque, reader, beside: besideIn(tree, path) } as const
      return reader ? [{ path, content, ...back, ...code, reader, ...(language && { language }) }] : []
    }
    return downParts ? [{ path, content, parts: downParts, ...back }] : []
  })
}

function fileOf({ path, content }: Migration): InputFile {
  return { path, content }
}

function schemaInput({ shows, file }: Schema, tree: Tree): MigrationInput {
  return { ...fileOf(file), kind: 'schema', shows, as: forward(file, tree) }
}

function forward(migration: Migration, tree: Tree): SqlMigration | CodeMigration {
  const { path, execution, runner, parts, leftOut, remarks, opaque, language, reader } = migration
  return {
    execution,
    runner,
    ...(opaque === undefined
      ? { kind: 'sql', ...(parts && { parts }), ...(leftOut && { leftOut }) }
      : {
          kind: 'code',
          opaque,
          ...(language && { language }),
          ...(reader && { reader, beside: besideIn(tree, path) }),
        }),
    ...(remarks && { remarks }),
  }
}

function noteOn({ path, why }: Aside, tree: Tree): (AsideFile & InputFile)[] {
  return [{ kind: 'aside', path, content: contentOf(tree, path) ?? '', why }]
}

function contentOf(tree: Tree, path: string): Uint8Array | null {
  try {
    return tree.read(path)
  } catch {
    return null
  }
}

/**
 * The note about the other files next to the migrations, in one line: `12 files were left out: 10 take migrations back
 * …`
 */
export function asideNotice({ asides, migrations }: Project, down = false): string[] {
  const read = new Set(down ? migrations.map(({ downPath }) => downPath) : [])
  const left = asides.filter(({ kind, path }) => !noted.has(kind) && !running.has(kind) && !read.has(path))
  const kinds = [...new Set(left.map(({ kind }) => kind))]
  const [first] = left
  if (!first) return []
  if (left.length === 1) return [`${first.path} was left out: it ${words[first.kind].one}`]
  const counts = kinds.map(kind => {
    const count = left.filter(aside => aside.kind === kind).length
    return `${count} ${count === 1 ? words[kind].one : words[kind].many}`
  })
  return [`${left.length} files were left out: ${counts.join(', ')} (${first.path} …)`]
}

const words: Record<AsideKind, { readonly one: string; readonly many: string }> = {
  'never-runs': { one: 'never runs', many: 'never run' },
  undo: { one: 'takes a migration back', many: 'take migrations back' },
  repeatable: { one: 'is run again whenever it changes', many: 'are run again whenever they change' },
  baseline: { one: 'is a baseline for new databases', many: 'are baselines for new databases' },
  'by-hand': { one: 'is run by hand', many: 'are run by hand' },
  callback: { one: 'is a callback', many: 'are callbacks' },
  seed: { one: 'fills in data', many: 'fill in data' },
  'schema-dump': { one: 'is a dump of the schema', many: 'are dumps of the schema' },
  draft: { one: 'is a draft', many: 'are drafts' },
  queries: { one: 'has queries that code runs by name', many: 'have queries that code runs by name' },
  'other-dialect': { one: 'is for another database', many: 'are for other databases' },
}
