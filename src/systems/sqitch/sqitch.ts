import { databaseNamed } from '../../parse/database-name.ts'
import { databaseOfUrl } from '../reading/database.ts'
import { autocommit } from '../reading/execution.ts'
import { hasFile, join, parentOf, readMigrations, textOf, upwards } from '../reading/files.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import type { Aside, IntegrityFile, System } from '../system.ts'
import { gitConfig } from './git-config.ts'
import { type Change, planOf } from './plan.ts'

/** Sqitch (App::Sqitch): a plan, and for each of its changes scripts that psql runs. */
export const sqitch: System = {
  id: 'sqitch',
  title: 'Sqitch',

  facts: {
    order: 'the plan, line by line',
    down: 'revert/<change>.sql',
    transaction: 'none: psql runs each statement by itself, between the BEGIN and COMMIT that the script has',
    optOut: 'leave out BEGIN and COMMIT',
    history: { checksum: 'SHA-1 of the deploy script' },
  },

  detect(tree, dir) {
    const conf = join(dir, 'sqitch.conf')
    const projects = hasFile(tree, conf) ? projectsOf(tree, dir) : []
    const project = projects.find(({ plan }) => hasFile(tree, plan))
    if (project) return { directory: parentOf(project.plan), sign: 'file', because: conf, ...dialect(project) }
    const plan = join(dir, 'sqitch.plan')
    if (!hasFile(tree, plan)) return null
    return { directory: dir, sign: 'file', because: plan, ...dialect(projectIn(tree, dir)) }
  },

  migrations(tree, directory) {
    const project = projectIn(tree, directory)
    const { changes } = planOf(textOf(tree, project.plan) ?? '')
    const notices = hasFile(tree, project.plan)
      ? []
      : [`${project.plan} does not exist: Sqitch runs what its plan lists.`]
    const found = changes.flatMap(change => {
      const scripts = scriptsOf(tree, project, change)
      return hasFile(tree, scripts.deploy) ? [{ path: scripts.deploy, change, ...scripts }] : []
    })
    const read = readMigrations(tree, found, ({ change, revert }) => ({
      id: change.tags.length === 0 ? change.name : `${change.name}@${change.tags[0]}`,
      execution: autocommit,
      runner,
      ...(hasFile(tree, revert) ? { downPath: revert } : {}),
    }))
    const listed = new Set(found.flatMap(({ deploy, revert }) => [deploy, revert]))
    return { ...read, asides: asides(tree, project, listed), notices: [...notices, ...read.notices] }
  },

  integrity(tree, directory) {
    const project = projectIn(tree, directory)
    const text = hasFile(tree, project.plan) ? textOf(tree, project.plan) : null
    return text === null ? [] : [planFile(tree, project, text)]
  },
}

/**
 * The plan has no hashes of the scripts: Sqitch records that of a deploy script when it runs it, and compares the two
 * only when it reverts a modified change. So only two things can be checked: whether Sqitch can read the plan, and
 * whether the scripts exist.
 */
function planFile(tree: Tree, project: Project, text: string): IntegrityFile {
  const { changes, problems } = planOf(text)
  const scripts = changes.map(change => ({ change, path: scriptsOf(tree, project, change).deploy }))
  const missing = scripts.filter(({ path }) => !hasFile(tree, path))
  const common = { severity: 'error', about: [] } as const
  return {
    path: project.plan,
    covers: scripts.map(({ path }) => path),
    discrepancies: [
      ...problems.map(({ at, what, help }) => ({ ...common, at, does: 'Sqitch cannot read the plan', what, help })),
      ...missing.map(({ change, path }) => ({
        ...common,
        at: change.at,
        does: `Sqitch stops at ${JSON.stringify(change.name)}`,
        what: `the plan lists it, but there is no ${path}`,
        help: 'Put the script back, or remove the change from the plan if it was never deployed.',
      })),
    ],
  }
}

const runner = {
  name: 'Sqitch',
  outsideTransaction: () => 'In a change of its own, whose deploy script has no BEGIN and no COMMIT',
  laterMigration: () => 'In a later change',
}

interface Project {
  /** Sqitch's name of the database: `pg`. */
  readonly engine: string
  readonly plan: string
  readonly deploy: string
  readonly revert: string
  readonly reworkedDeploy: string
  readonly reworkedRevert: string
  readonly extension: string
  readonly registry: string | undefined
}

/**
 * The targets that sqitch.conf in this directory describes, as App::Sqitch::Target reads it: its own target, then the
 * engines, then the targets.
 */
function projectsOf(tree: Tree, dir: string): Project[] {
  const values = gitConfig(textOf(tree, join(dir, 'sqitch.conf')) ?? '')
  const engines = [values.get('core.engine') ?? '', ...namesOf(values, 'engine')].filter(name => name !== '')
  const targets = namesOf(values, 'target').map(name => {
    const uri = values.get(`target.${name}.uri`) ?? ''
    return { engine: /^db:(\w+):/.exec(uri)?.[1] ?? values.get('core.engine') ?? 'pg', target: name }
  })
  const all = [...engines.map(engine => ({ engine, target: '' })), ...targets]
  return (all.length > 0 ? all : [{ engine: 'pg', target: '' }]).map(({ engine, target }) =>
    layout(
      dir,
      engine,
      key =>
        values.get(`target.${target}.${key}`) ?? values.get(`engine.${engine}.${key}`) ?? values.get(`core.${key}`),
    ),
  )
}

function layout(dir: string, engine: string, value: (key: string) => string | undefined): Project {
  const top = value('top_dir') ?? ''
  const reworkedTop = value('reworked_dir') ?? top
  const folder = (kind: string) => join(dir, value(`${kind}_dir`) ?? join(top, kind))
  const reworked = (kind: string) =>
    join(dir, value(`reworked_${kind}_dir`) ?? join(reworkedTop, value(`${kind}_dir`) ?? kind))
  return {
    engine,
    plan: join(dir, value('plan_file') ?? join(top, 'sqitch.plan')),
    deploy: folder('deploy'),
    revert: folder('revert'),
    reworkedDeploy: reworked('deploy'),
    reworkedRevert: reworked('revert'),
    extension: value('extension') ?? 'sql',
    registry: value('registry'),
  }
}

export function planIn(tree: Tree, directory: string): string {
  return projectIn(tree, directory).plan
}

/** The schema of the registry, if the configuration names it. */
export function registryOf(tree: Tree, directory: string): string | undefined {
  return projectIn(tree, directory).registry
}

/** The project whose plan or deploy scripts are in this directory; of several, one for PostgreSQL. */
function projectIn(tree: Tree, directory: string): Project {
  for (const dir of upwards(directory)) {
    if (!hasFile(tree, join(dir, 'sqitch.conf'))) continue
    const here = projectsOf(tree, dir).filter(
      ({ plan, deploy }) => dir === directory || [parentOf(plan), deploy].includes(directory),
    )
    const project = here.find(({ engine }) => engine === 'pg') ?? here[0]
    if (project) return project
  }
  return layout(directory, 'pg', () => undefined)
}

function namesOf(values: ReadonlyMap<string, string>, section: string): string[] {
  const names = [...values.keys()].map(key =>
    key.startsWith(`${section}.`)
      ? key.slice(section.length + 1, Math.max(key.lastIndexOf('.'), section.length + 1))
      : '',
  )
  return [...new Set(names)].filter(name => name !== '' && !name.endsWith('.variables'))
}

function dialect({ engine }: Project): { dialect?: string } {
  if (engine === 'pg') return {}
  return { dialect: databaseNamed(engine) ?? databaseOfUrl(`${engine}:`) ?? engine }
}

/** A change that was reworked keeps its old script, with a tag in its name: `users@v1.0.sql`. */
function scriptsOf(tree: Tree, project: Project, { name, tags }: Change): { deploy: string; revert: string } {
  const file = (tag: string | undefined) => `${name}${tag === undefined ? '' : `@${tag}`}.${project.extension}`
  if (tags.length === 0)
    return { deploy: join(project.deploy, file(undefined)), revert: join(project.revert, file(undefined)) }
  const tag = tags.find(each => hasFile(tree, join(project.reworkedDeploy, file(each)))) ?? tags[0]
  return { deploy: join(project.reworkedDeploy, file(tag)), revert: join(project.reworkedRevert, file(tag)) }
}

function asides(tree: Tree, project: Project, listed: ReadonlySet<string>): Aside[] {
  const folders = [...new Set([project.deploy, project.revert, project.reworkedDeploy, project.reworkedRevert])]
  const scripts = folders
    .flatMap(folder => filesBelow(tree, folder))
    .filter(path => path.endsWith(`.${project.extension}`))
  const unlisted = scripts.filter(path => !listed.has(path))
  const stale = join(parentOf(project.plan), 'sqitch.plan')
  return [
    ...(stale !== project.plan && hasFile(tree, stale)
      ? [{ path: stale, kind: 'never-runs' as const, why: `sqitch.conf names ${project.plan} as the plan` }]
      : []),
    ...unlisted.map(path => ({ path, kind: 'never-runs' as const, why: `${project.plan} does not list it` })),
  ]
}
