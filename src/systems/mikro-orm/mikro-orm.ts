import { codeMigrations, marked, nearest } from '../reading/code-migrations.ts'
import { allInOneTransaction, autocommit, inTransaction } from '../reading/execution.ts'
import { join, namesIn } from '../reading/files.ts'
import { dependencyAbove } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
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
    const config = configOf(tree, directory)
    const never = /\btransactional\s*:\s*false\b/.test(config)
    const wrapped = /\ballOrNothing\s*:\s*false\b/.test(config) ? inTransaction : allInOneTransaction
    return codeMigrations(
      tree,
      files,
      'MikroORM',
      text => ({
        execution: never || /\bisTransactional\s*\(\s*\)[^{(]*\{\s*return\s+false\b/.test(text) ? autocommit : wrapped,
        outside: 'In a migration of its own with `isTransactional() { return false; }` in its class',
      }),
      reader,
    )
  },
}

/** `!(*.d).{js,ts,cjs}`; projects may choose names that differ from the generated ones. */
const FILE = /^(?!.*\.d\.ts$)(?!index\.).*\.(js|ts|cjs)$/

const CONFIGS = ['mikro-orm.config.ts', 'mikro-orm.config.js', 'src/mikro-orm.config.ts', 'src/mikro-orm.config.js']

function configOf(tree: Tree, dir: string): string {
  return nearest(tree, dir, CONFIGS)?.text ?? ''
}

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
  const config = configOf(tree, dir)
  const uses = (name: string) => config.includes(`@mikro-orm/${name}'`) || config.includes(`@mikro-orm/${name}"`)
  const installs = (name: string) => dependencyAbove(tree, dir, 'package.json', `@mikro-orm/${name}`) !== null
  const all = Object.entries(packages)
  const found = all.find(([name]) => uses(name)) ?? all.find(([name]) => installs(name))
  return found === undefined || found[1] === 'postgresql' ? {} : { dialect: found[1] }
}

const reader = readerToLoad(callsModule, ({ mikroOrmCalls }) => mikroOrmCalls)
