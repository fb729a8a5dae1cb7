import { codeMigrations, dialectAmong, marked } from '../reading/code-migrations.ts'
import { autocommit, perhapsInTransaction } from '../reading/execution.ts'
import { hasDirectory, hasFile, join, namesIn, textOf } from '../reading/files.ts'
import { dependencyAbove } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
import { nearestSettings, settingsAt } from '../reading/program-settings.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import { compareUnits } from '../reading/version.ts'
import type { System } from '../system.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** sequelize-cli and Umzug: modules with up(queryInterface). */
export const sequelize: System = {
  id: 'sequelize',
  title: 'Sequelize',

  facts: {
    order: 'file name',
    down: 'down in the module',
    transaction: 'none, unless a migration makes one',
    optOut: null,
    history: { checksum: null },
    code: {
      files: '**/migrations/*.{js,cjs,mjs,ts}',
      read: '`queryInterface`: tables, columns, indexes, constraints, rows, functions; `sequelize.query` with replacements; transactions',
      inPart: '`describeTable`, `showAllTables`: both branches are read',
      unread: 'models, `sequelize.define`, ranges and dates as defaults',
    },
  },

  detect(tree, dir) {
    const rc = join(dir, '.sequelizerc')
    if (hasFile(tree, rc)) {
      const named = settingsAt(tree, rc)?.text('migrations-path')
      const directory = join(dir, named || 'migrations')
      if (hasDirectory(tree, directory)) return { directory, sign: 'file', because: rc, ...dialect(tree, dir) }
    }
    const file = /seed/i.test(dir)
      ? null
      : marked(tree, dir, FILE, { test: text => /\bqueryInterface\b/.test(text.slice(upIn(text))) })
    return file === null
      ? null
      : { directory: dir, sign: 'marker', because: `queryInterface in ${file}`, ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    const names = namesIn(tree, directory).filter(
      name => FILE.test(name) && /\bup\b/.test(textOf(tree, join(directory, name)) ?? ''),
    )
    const files = names.sort(compareUnits).map(name => ({ path: join(directory, name), id: name }))
    return codeMigrations(
      tree,
      files,
      'Sequelize',
      text => ({
        execution: /\.transaction\(/.test(text) ? perhapsInTransaction : autocommit,
        outside: 'Outside `sequelize.transaction(…)`, in a migration of its own',
      }),
      reader,
    )
  },
}

/** The first place of the word `up`; the end of the text if there is none. */
function upIn(text: string): number {
  const place = text.search(/\bup\b/)
  return place < 0 ? text.length : place
}

const FILE = /(?<!\.d)\.(?:cjs|js|cts|ts)$/

/** `dialect` of config/config.json and the like; without it, the drivers in package.json decide. */
function dialect(tree: Tree, dir: string): { dialect?: string } {
  const names = ['config', 'src/config', 'app/config', 'db/config', 'server/config'].flatMap(folder =>
    ['config.json', 'config.js', 'config.cjs', 'config.ts', 'database.js', 'database.json'].map(
      name => `${folder}/${name}`,
    ),
  )
  const said = nearestSettings(tree, dir, names)?.texts('dialect') ?? []
  if (said.length > 0) return dialectAmong(said)
  return dialectAmong(
    ['pg', 'mysql2', 'mysql', 'sqlite3'].filter(name => dependencyAbove(tree, dir, 'package.json', name)),
  )
}

const reader = readerToLoad(callsModule, ({ sequelizeCalls }) => sequelizeCalls)
