import { codeMigrations, marked, nearest } from '../reading/code-migrations.ts'
import { stringsIn } from '../reading/comment.ts'
import { allInOneTransaction, autocommit, inTransaction, perhapsInTransaction } from '../reading/execution.ts'
import { join, namesIn } from '../reading/files.ts'
import { dependencyAbove } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
import { nearestSettings } from '../reading/program-settings.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import { compareUnits } from '../reading/version.ts'
import type { System } from '../system.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** https://github.com/mikro-orm/mikro-orm: classes that collect their SQL. */
export const mikroOrm: System = {
  id: 'mikro-orm',
  title: 'MikroORM',

  facts: {
    order: 'file name',
    down: 'down in the class',
    transaction: 'one for all pending migrations; one for each with allOrNothing: false',
    optOut: 'isTransactional() { return false; }',
    history: { checksum: null },
    code: {
      files: '**/migrations/*.{js,ts}',
      read: '`addSql`, after `up`; `execute`, at once',
      inPart: 'conditions on results of `execute`',
      unread: '`getKnex`, `getKysely`, the entity manager',
    },
  },

  detect(tree, dir) {
    const file = marked(tree, dir, FILE, /@mikro-orm\/migrations\b|\bextends\s+(?:\w+\.)?Migration\s*\{/)
    return file === null
      ? null
      : {
          directory: dir,
          sign: 'marker',
          because: `Migration of @mikro-orm/migrations in ${file}`,
          ...dialect(tree, dir),
        }
  },

  migrations(tree, directory) {
    const names = namesIn(tree, directory).filter(name => FILE.test(name))
    const files = names
      .sort(compareUnits)
      .map(name => ({ path: join(directory, name), id: name.replace(/\.[^.]+$/, '') }))
    const config = nearestSettings(tree, directory, CONFIGS)
    const never = config?.says(false, 'transactional') ?? false
    const isUnknown = config !== null && ['transactional', 'allOrNothing'].some(name => config.isUnknown(name))
    const wrapped = config?.says(false, 'allOrNothing') ? inTransaction : allInOneTransaction
    return codeMigrations(
      tree,
      files,
      'MikroORM',
      text => ({
        execution:
          never || /\bisTransactional\s*\(\s*\)[^{(]*\{\s*return\s+false\b/.test(text)
            ? autocommit
            : isUnknown
              ? perhapsInTransaction
              : wrapped,
        outside: 'In a migration of its own with `isTransactional() { return false; }` in its class',
      }),
      reader,
    )
  },
}

/** `!(*.d).{js,ts,cjs}`; projects may choose names that differ from the generated ones. */
const FILE = /^(?!.*\.d\.ts$)(?!index\.).*\.(js|ts|cjs)$/

const CONFIGS = ['mikro-orm.config.ts', 'mikro-orm.config.js', 'src/mikro-orm.config.ts', 'src/mikro-orm.config.js']

const packages = {
  postgresql: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
  'better-sqlite': 'sqlite',
  libsql: 'sqlite',
  mssql: 'sqlserver',
}

/** By the driver that the configuration imports, or that package.json has. */
function dialect(tree: Tree, dir: string): { dialect?: string } {
  const config = nearest(tree, dir, CONFIGS)
  const imported = new Set(config ? stringsIn(config.text, config.path) : [])
  const uses = (name: string) => imported.has(`@mikro-orm/${name}`)
  const installs = (name: string) => dependencyAbove(tree, dir, 'package.json', `@mikro-orm/${name}`) !== null
  const all = Object.entries(packages)
  const found = all.find(([name]) => uses(name)) ?? all.find(([name]) => installs(name))
  return found === undefined || found[1] === 'postgresql' ? {} : { dialect: found[1] }
}

const reader = readerToLoad(callsModule, ({ mikroOrmCalls }) => mikroOrmCalls)
