import type { Config } from '../../lint/config/config.ts'
import { transactionModes } from '../../lint/config/transaction.ts'
import type { MigrationInput } from '../../migration/migration.ts'
import { type Notice, unreadableFile } from '../../migration/notice.ts'
import {
  type Discovery,
  type DiscoveryOptions,
  discover,
  type Project,
  projectIn,
  projectsOf,
  refusalText,
  type Settled,
} from '../../systems/discover.ts'
import type { ProjectReading } from '../../systems/history/compared.ts'
import { asideNotice, downInputsOf, inputsOf } from '../../systems/inputs.ts'
import { integrityOf, withIntegrity } from '../../systems/integrity.ts'
import { plain, plainRun } from '../../systems/plain/plain.ts'
import { languageOf } from '../../systems/reading/code-migrations.ts'
import { parentOf, upwards } from '../../systems/reading/files.ts'
import { kept } from '../../systems/reading/on-demand.ts'
import { contains, realOf, remembering, type Tree, within, without } from '../../systems/reading/tree.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { plainBeside, unknownSql } from './beside.ts'
import type { Place } from './expand.ts'
import { migrationsElsewhere } from './outside.ts'
import type { Selection } from './selection.ts'

/** Migrations of one project in the form that the engine reads. */
export interface FoundProject {
  /** Its system's title, for people. */
  readonly system: string
  /** In the order of application. */
  readonly migrations: readonly MigrationInput[]
  /** The down migrations, in the order in which they would run; empty if nobody asked for them. */
  readonly downs: readonly MigrationInput[]
  /** The folders that it is read from. There are none for files that were named one by one. */
  readonly readings: readonly ProjectReading[]
}

export interface FoundMigrations {
  readonly projects: readonly FoundProject[]
  /** Migrations that are not for PostgreSQL, one sentence each. */
  readonly refused: readonly { readonly directory: string; readonly message: string }[]
  /** A list for each origin. */
  readonly notices: readonly (readonly Notice[])[]
  /** Named files that are not migrations: path → the reason, a clause. */
  readonly skipped: ReadonlyMap<string, string>
}

/**
 * Finds the projects that the selected places belong to, each with its system. Files that no system claims are plain
 * SQL.
 */
export function findMigrations(
  tree: ProjectTree,
  selection: Selection,
  config: Config,
  {
    down,
    settled = [],
    isGiven = () => false,
  }: {
    readonly down: boolean
    readonly settled?: readonly Settled[]
    /** True for a file that is handed over: people who do so want it linted. */
    readonly isGiven?: (path: string) => boolean
  },
): FoundMigrations {
  const { system, systems } = config
  const options = { transaction: transactionModes(config), system, systems, settled }
  const visible = kept([tree, selection], 'visible', () => remembering(visibleTree(tree, selection)))
  const { asked } = selection
  const discovery = asked ? discoverAsked(visible, asked, tree, options) : projectsOf(visible, options)
  const whole = remembering(tree)
  const vouching = discovery.projects.map(project =>
    integrityOf(project, whole).filter(({ path }) => !selection.isIgnored(path)),
  )
  const askedFolders = asked?.filter(({ files }) => files === null).map(({ directory }) => directory) ?? []
  const uncovered = asked?.filter(place => !isCovered(place, discovery, vouching.flat())) ?? []
  const covered = askedFolders.filter(folder => !uncovered.some(({ directory }) => directory === folder))
  const beside = system === 'auto' ? covered.map(folder => plainBeside(visible, folder, discovery)) : []
  const refused = [...discovery.refused, ...beside.flatMap(each => each.refused)]
  const folders = beside.flatMap(each => each.folders)
  const open = [...uncovered, ...folders.map((directory): Place => ({ directory, files: null }))]
  const skipped = new Map([
    ...programsOf(open, discovery, { ...options, isGiven }),
    ...outsideOf(open, visible, tree, selection, { ...options, isGiven }),
  ])
  const loose = selection.homesOf(open.filter(({ files }) => !files?.every(path => skipped.has(path))))
  const readIn = (all: Tree, directory: string, files: readonly string[] | null) =>
    projectIn(files ? visibleTree(all, { ...selection, files }) : all, directory, options, config.system)
  const others = loose.map(({ directory, files, folders }) => {
    const overlaps = discovery.projects.some(project => project.directory === directory)
    const named = asked?.flatMap(place => place.files ?? []).filter(path => contains(directory, path)) ?? []
    const only = overlaps && files === null && named.length > 0 ? named : files
    const inside = (all: Tree) => (folders ? onlyFolders(all, folders) : all)
    const again = (other: Tree, from = directory) => readIn(inside(visibleTree(other, selection)), from, only)
    return { project: readIn(inside(visible), directory, only), again }
  })
  const claimed = discovery.projects.map((project): ProjectReading => {
    const inner = discovery.projects.flatMap(({ directory }) =>
      directory !== project.directory && contains(project.directory, directory) ? [directory] : [],
    )
    const again = (other: Tree, directory = project.directory) =>
      projectIn(without(visibleTree(other, selection), inner), directory, options, project.system.id)
    return { project, again }
  })
  const projects = [...discovery.projects, ...joined(others.map(({ project }) => project))]
  const listed = projects.flatMap(({ migrations, asides }) => [...migrations, ...asides])
  const downs = projects.flatMap(({ migrations }) => migrations.flatMap(({ downPath }) => downPath ?? []))
  const known = new Set([...[...listed, ...vouching.flat()].map(({ path }) => path), ...downs])
  const unknown = unknownSql(
    visible,
    covered,
    path => known.has(path) || refused.some(({ directory }) => contains(directory, path)),
  )
  const found = projects.map((project, i) => ({
    system: project.system.title,
    migrations: withIntegrity(inputsOf(project, visible), vouching[i] ?? [], whole),
    downs: down ? downInputsOf(project, visible) : [],
    readings: claimed[i] ? [claimed[i]] : others,
  }))
  const stray = strayFiles(tree, selection, found, skipped, options.transaction)
  return {
    projects: stray.migrations.length > 0 ? withStray(found, stray.migrations) : found,
    refused: refused.map(refusal => ({ directory: refusal.directory, message: refusalText(refusal) })),
    notices: [
      asked ? [] : projects.filter(({ migrations }) => migrations.length > 0).map(readingNotice),
      discovery.notices,
      ...projects.map(project => [...asideNotice(project, down), ...project.notices]),
      stray.notices,
      unknown === null ? [] : [unknown],
    ],
    skipped,
  }
}

function readingNotice({ directory, system, because }: Project): string {
  if (system !== plain) return `Reading ${directory || '.'}/ as ${system.title} (${because}).`
  const other = 'name another folder on the command line or as "paths" in the configuration'
  return `Reading ${directory || '.'}/ as ${system.title}: ${because} (${other}).`
}

/**
 * Named files outside of the folder of migrations that the repository has: queries, dumps and seeds, which hooks name like every file. To
 * have them linted, people state their system or name their folder.
 */
function outsideOf(
  places: readonly Place[],
  visible: Tree,
  tree: ProjectTree,
  selection: Selection,
  { isGiven, ...options }: DiscoveryOptions & { readonly isGiven: (path: string) => boolean },
): ReadonlyMap<string, string> {
  const skipped = new Map<string, string>()
  if (options.system !== 'auto') return skipped
  const alone = places.filter(
    place => place.files !== null && selection.homesOf([place]).every(({ folders }) => folders !== undefined),
  )
  if (alone.length === 0) return skipped
  const elsewhere = migrationsElsewhere(visible, around(alone, tree), options)
  if (elsewhere === null) return skipped
  const { directory, title } = elsewhere
  for (const path of alone.flatMap(({ files }) => files ?? [])) {
    if (isGiven(path) || contains(directory, path)) continue
    skipped.set(path, `the migrations are in ${directory || '.'}/ (${title}); --system plain lints it anyway`)
  }
  return skipped
}

/** The projects that somebody asked for, and those that contain what somebody asked for. */
function discoverAsked(
  visible: Tree,
  asked: readonly Place[],
  tree: ProjectTree,
  options: DiscoveryOptions,
): Discovery {
  const roots = asked.filter(({ files }) => files === null).map(({ directory }) => directory)
  const isWanted = (directory: string) => asked.some(place => concerns(directory, place))
  return discover(visible, roots, { ...options, around: around(asked, tree), isWanted })
}

/** Named files in another language than SQL that are not migrations of a system: models, tests and settings, which hooks name like every file. */
function programsOf(
  places: readonly Place[],
  { projects }: Discovery,
  { system, isGiven }: DiscoveryOptions & { readonly isGiven: (path: string) => boolean },
): ReadonlyMap<string, string> {
  const skipped = new Map<string, string>()
  if (system !== 'auto') return skipped
  for (const path of places.flatMap(({ files }) => files ?? [])) {
    const language = languageOf(path)
    if (language === undefined || isGiven(path)) continue
    const around = projects.find(({ directory }) => contains(directory, path))
    skipped.set(
      path,
      around
        ? `it is not one of the migrations in ${around.directory || '.'}/ (${around.system.title})`
        : `it is ${language}, and no migration system that is known here runs it; --system plain lints it as SQL`,
    )
  }
  return skipped
}

/** The tree without the files that the configuration ignores. Of places that are single files, it has only those. */
function visibleTree(tree: Tree, { isIgnored, files }: Pick<Selection, 'isIgnored' | 'files'>): Tree {
  const only = files && new Set(files)
  return {
    list: directory =>
      tree.list(directory).filter(({ name, kind }) => {
        const path = within(directory, name)
        return kind === 'directory' || ((!only || only.has(path) || !/\.sql$/i.test(path)) && !isIgnored(path))
      }),
    read: path => tree.read(path),
    real: directory => realOf(tree, directory),
  }
}

/** The tree with these folders; of the folders around them, it has only the way to them. */
function onlyFolders(tree: Tree, folders: readonly string[]): Tree {
  const own = new Set(folders)
  const onTheWay = new Set(folders.flatMap(upwards))
  return {
    list: directory =>
      tree
        .list(directory)
        .filter(({ name, kind }) =>
          kind === 'directory' ? onTheWay.has(within(directory, name)) : own.has(directory),
        ),
    read: path => tree.read(path),
    real: directory => realOf(tree, directory),
  }
}

/** The folders around the places, up to the root of the tree, or of the repository if that is another one. */
function around(places: readonly Place[], tree: ProjectTree): string[] {
  const folders = new Set<string>()
  for (const { directory, files } of places) {
    for (const start of files?.map(parentOf) ?? [directory]) {
      for (let folder = start; !folders.has(folder); folder = parentOf(folder)) {
        folders.add(folder)
        if (folder === '' || folder === '/' || tree.kind(`${folder}/.git`) !== null) break
      }
    }
  }
  return [...folders]
}

/** True if the directory is inside the place that was asked for, or around it. */
function concerns(directory: string, place: Place): boolean {
  if (place.files) return place.files.some(path => contains(directory, path))
  return contains(place.directory, directory) || contains(directory, place.directory)
}

function isCovered(
  place: Place,
  { projects, refused }: Discovery,
  vouching: readonly { readonly path: string }[],
): boolean {
  if (refused.some(({ directory }) => concerns(directory, place))) return true
  const listed = projects.flatMap(({ migrations, asides }) => [...migrations, ...asides])
  const known = [...listed, ...vouching].map(({ path }) => path)
  const { files, directory } = place
  return files ? files.every(path => known.includes(path)) : known.some(path => contains(directory, path))
}

/** Plain SQL in several places is one history, in the order of the places. */
function joined(projects: readonly Project[]): Project[] {
  const [first] = projects
  if (!first || projects.length === 1) return [...projects]
  return [
    {
      ...first,
      migrations: projects.flatMap(({ migrations }) => migrations),
      asides: projects.flatMap(({ asides }) => asides),
      notices: projects.flatMap(({ notices }) => notices),
    },
  ]
}

/** Stray files come after the plain SQL that they lie next to. */
function withStray(found: readonly FoundProject[], stray: readonly MigrationInput[]): FoundProject[] {
  const beside = found.findLast(({ system }) => system === plain.title)
  const none: FoundProject = { system: plain.title, migrations: [], downs: [], readings: [] }
  const own = { ...(beside ?? none), migrations: [...(beside?.migrations ?? []), ...stray] }
  return [...found.filter(project => project !== beside), own]
}

/** Files with another ending that the command line names: they are SQL because the user says so. */
function strayFiles(
  tree: Tree,
  { askedFiles }: Selection,
  found: readonly FoundProject[],
  skipped: ReadonlyMap<string, string>,
  transaction: Parameters<typeof projectIn>[2]['transaction'],
): { migrations: MigrationInput[]; notices: Notice[] } {
  const known = new Set(found.flatMap(({ migrations, downs }) => [...migrations, ...downs].map(({ path }) => path)))
  const migrations: MigrationInput[] = []
  const notices: Notice[] = []
  for (const path of askedFiles) {
    if (/\.sql$/i.test(path) || known.has(path) || skipped.has(path)) continue
    try {
      migrations.push({ kind: 'sql', path, content: tree.read(path), ...plainRun(transaction(path)) })
    } catch (error) {
      notices.push(unreadableFile(path, error))
    }
  }
  return { migrations, notices }
}
