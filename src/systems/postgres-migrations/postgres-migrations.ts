import { writtenIn } from '../../migration/written-in.ts'
import { message, messageInTransaction } from '../reading/execution.ts'
import { join, namesIn, readMigrations, textOf } from '../reading/files.ts'
import { dependencyAbove } from '../reading/manifest.ts'
import { ignoredOptOuts, oneMessage, refused } from '../reading/opt-out.ts'
import { compareVersions } from '../reading/version.ts'
import type { System } from '../system.ts'

/** https://github.com/ThomWright/postgres-migrations: files that are numbered without gaps. */
export const postgresMigrations: System = {
  id: 'postgres-migrations',
  title: 'postgres-migrations',

  facts: {
    order: 'number, from 1 without gaps',
    down: 'none',
    transaction: 'one per file, sent as one message',
    optOut: '-- postgres-migrations disable-transaction',
    history: { checksum: 'SHA-1 of the file name and the text' },
  },

  detect(tree, dir) {
    const files = filesOf(namesIn(tree, dir))
    if (!files.some(({ version }) => version === 1n)) return null
    const marked = files.find(({ name }) => name.endsWith('.sql') && textOf(tree, join(dir, name))?.includes(MARKER))
    if (marked) return { directory: dir, sign: 'marker', because: `${MARKER} in ${join(dir, marked.name)}` }
    const dependency = dependencyAbove(tree, dir, 'package.json', 'postgres-migrations')
    if (!dependency || gap(files) !== null) return null
    return { directory: dir, sign: 'dependency', because: `postgres-migrations in ${dependency.path}` }
  },

  migrations(tree, directory) {
    const names = namesIn(tree, directory).filter(name => /\.(sql|js)$/i.test(name))
    const files = filesOf(names).map(file => ({ ...file, path: join(directory, file.name) }))
    const wrong = gap(files)
    const { migrations, notices } = readMigrations(tree, files, ({ version, name }, _, text) => ({
      id: String(version),
      execution: text.includes(MARKER) ? message : messageInTransaction,
      runner,
      remarks: decoded => [
        ...(name === wrong
          ? [refused(decoded, 'numbers must be consecutive from 1', 'Number it as the one after the last.')]
          : []),
        ...(decoded.includes(MARKER)
          ? oneMessage(decoded, MARKER)
          : ignoredOptOuts(decoded, STRAY, `as \`${MARKER}\`, letter by letter`)),
      ],
      ...(/\.js$/i.test(name) ? writtenIn('JavaScript') : {}),
    }))
    const unnamed = names.find(name => !files.some(file => file.name === name))
    if (unnamed !== undefined) {
      notices.push(`postgres-migrations refuses ${join(directory, unnamed)}: its name does not begin with a number.`)
    }
    return { migrations, notices }
  },
}

const STRAY = /--\s*postgres-migrations\s+disable[-_ ]transaction/i

const MARKER = '-- postgres-migrations disable-transaction'

const runner = {
  name: 'postgres-migrations',
  outsideTransaction: () => `In a migration of its own that has the line \`${MARKER}\` and no other statement`,
  laterMigration: () => 'In a later migration',
}

/** parseFileName, src/file-name-parser.ts: any character may stand before the extension. */
function filesOf(names: readonly string[]): { name: string; path: string; version: bigint }[] {
  const files = names.flatMap(name => {
    const [digits] = /^-?\d+/.exec(name) ?? []
    return digits === undefined || !/.(?:sql|js)$/i.test(name.slice(digits.length))
      ? []
      : [{ name, path: name, version: BigInt(digits) }]
  })
  return files.sort(compareVersions)
}

/** The first file that breaks the sequence (number 0 is the tool's own), or null. */
function gap(files: readonly { name: string; version: bigint }[]): string | null {
  return files.find(({ version }, i) => version !== BigInt(i + 1))?.name ?? null
}
