import type { Execution } from '../../migration/execution.ts'
import type { Part } from '../../migration/migration.ts'
import type { Remark } from '../../migration/remark.ts'
import { writtenIn } from '../../migration/written-in.ts'
import { lookUp } from '../../parse/look-up.ts'
import { allInOneTransaction, autocommit } from '../reading/execution.ts'
import { hasDirectory, hasFile, join, namesIn, readMigrations, textOf } from '../reading/files.ts'
import { type Dependency, dependencyAbove, dependencyIn, json, record } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import { compareIntegers, compareUnits } from '../reading/version.ts'
import type { Aside, System } from '../system.ts'
import { markerOf } from './marker.ts'
import { flag } from './script.ts'
import { settingsOf } from './settings.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** https://github.com/salsita/node-pg-migrate: `1700000000000_users.sql`, or JavaScript and TypeScript. */
export const nodePgMigrate: System = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate',

  facts: {
    order: 'number before the first _ (17 digits are a date), then name',
    down: '-- Down Migration',
    transaction: 'one for all pending migrations; a .sql file is one message',
    optOut: 'pgm.noTransaction() in JavaScript; none in .sql files',
    history: { checksum: null },
    code: {
      files: '**/migrations/*.{js,cjs,mjs,ts}',
      read: 'all calls of `pgm`; `shorthands` of the file; `--decamelize`',
      inPart: 'types that `shorthands` of earlier migrations name',
      unread: '`pgm.db`, which runs before the rest',
    },
  },

  detect(tree, dir) {
    const dependency = dependencyIn(tree, dir, 'package.json', 'node-pg-migrate') ?? scriptIn(tree, dir)
    if (dependency) {
      const directory = join(dir, folderOf(tree, dir, dependency.text))
      if (hasDirectory(tree, directory)) {
        return { directory, sign: 'dependency', because: `node-pg-migrate in ${dependency.path}` }
      }
    }
    for (const name of namesIn(tree, dir).filter(each => /^\d.*\.sql$/.test(each))) {
      const text = textOf(tree, join(dir, name)) ?? ''
      if (markerOf(text, 'up') && markerOf(text, 'down')) {
        return { directory: dir, sign: 'marker', because: `-- Up Migration in ${join(dir, name)}` }
      }
    }
    const code = namesIn(tree, dir).filter(name => /^\d+_/.test(name) && isMigration(name) && !name.endsWith('.sql'))
    const importing = code.slice(0, 3).find(name => IMPORT.test(textOf(tree, join(dir, name)) ?? ''))
    if (importing !== undefined) {
      return { directory: dir, sign: 'marker', because: `node-pg-migrate in ${join(dir, importing)}` }
    }
    const above = /\d_/.test(namesIn(tree, dir).find(isMigration) ?? '')
      ? dependencyAbove(tree, dir, 'package.json', 'node-pg-migrate')
      : null
    return above ? { directory: dir, sign: 'dependency', because: `node-pg-migrate in ${above.path}` } : null
  },

  migrations(tree, dir) {
    const { files, asides } = filesOf(tree, dir)
    const wraps = !separate(tree, dir)
    const paths = files.map(({ path }) => path)
    const settings = settingsOf(tree, paths, decamelizes(tree, dir))
    const { migrations, notices } = readMigrations(tree, files, ({ id, path, down: downPath }, _, text) => {
      const isSql = path.endsWith('.sql')
      const optsOut = !isSql && /\.\s*noTransaction\s*\(\s*\)/.test(text)
      const whole: Execution = { ...allInOneTransaction, singleMessage: isSql, spansFiles: wraps }
      return {
        id,
        execution: optsOut ? autocommit : whole,
        runner: {
          name: 'node-pg-migrate',
          outsideTransaction: () =>
            isSql
              ? 'In a migration of its own, in JavaScript (a .sql file cannot opt out): call `pgm.noTransaction()`, and run this with `pgm.sql`'
              : 'In a migration of its own that calls `pgm.noTransaction()`',
          laterMigration: () =>
            wraps
              ? 'In a later migration that is deployed after this one, not in the same run, because a run is one transaction'
              : 'In a later migration',
        },
        ...(isSql
          ? {}
          : {
              ...writtenIn(/ts$/.test(path) ? 'TypeScript' : 'JavaScript'),
              reader: readerToLoad(callsModule, ({ nodePgMigrateCalls }) => nodePgMigrateCalls(settings(path))),
            }),
        ...(downPath === undefined ? (isSql ? { parts: upParts, downParts, remarks } : {}) : { downPath }),
      }
    })
    return { migrations, asides, notices }
  },
}

/** The beginning of the tool's templates: an import of its types, in code or in a comment. */
const IMPORT = /\bfrom\s+['"]node-pg-migrate['"]|\b(?:import|require)\(['"]node-pg-migrate['"]\)/

/** A package.json whose scripts run the tool although another package installs it. */
function scriptIn(tree: Tree, dir: string): Dependency | null {
  const path = join(dir, 'package.json')
  const text = hasFile(tree, path) ? textOf(tree, path) : null
  return text !== null && flag(text, /(node-pg-migrate)/) !== undefined ? { directory: dir, path, text } : null
}

/** `getActions`: from the marker to the other one or to the end, whichever comes first; without `up` the whole file. */
function upParts(text: string): Part[] {
  const [start, other] = [startOf(text, 'up'), startOf(text, 'down')]
  if (start < 0) return [{ span: [0, text.length] }]
  return [{ span: [start, other < start ? text.length : other] }]
}

function startOf(text: string, direction: 'up' | 'down'): number {
  return markerOf(text, direction)?.start ?? -1
}

function downParts(text: string): Part[] {
  const [other, start] = [startOf(text, 'up'), startOf(text, 'down')]
  if (start < 0) return []
  return [{ span: [start, other < start ? text.length : other] }]
}

function remarks(text: string): Remark[] {
  const found = markerOf(text, 'up') ? null : markerOf(text, 'down')
  if (!found) return []
  const help =
    'Put the line `-- Up Migration` above what the migration does; the part below `-- Down Migration` is then left out.'
  return [{ kind: 'down-in-up', at: [found.dashes, found.end], help }]
}

function isMigration(name: string): boolean {
  return /\.(sql|js|ts|cjs|mjs|cts|mts)$/i.test(name) && !/\.d\.[cm]?ts$/.test(name)
}

interface File {
  readonly id: string
  readonly path: string
  readonly name: string
  readonly down?: string
}

/** All files of the directory that are not hidden; `x.up.sql` and `x.down.sql` are one migration for the loader `sql`. */
function filesOf(tree: Tree, dir: string): { files: File[]; asides: Aside[] } {
  const names = namesIn(tree, dir).filter(name => !name.startsWith('.'))
  const asides: Aside[] = []
  const files: File[] = []
  for (const name of names.filter(isMigration)) {
    const path = join(dir, name)
    if (/\.down\.sql$/.test(name)) {
      const forward = names.includes(name.replace(/\.down\.sql$/, '.up.sql'))
      const why = forward ? 'it takes a migration back' : 'it takes back a migration that does not exist'
      asides.push({ path, kind: 'undo', why })
      continue
    }
    const back = name.replace(/\.up\.sql$/, '.down.sql')
    const id = name.replace(/(?:\.up)?\.[^.]+$/, '')
    files.push({ id, path, name, ...(back !== name && names.includes(back) ? { down: join(dir, back) } : {}) })
  }
  return { files: files.sort((a, b) => compareNames(a.name, b.name)), asides }
}

/** `compareMigrationFileNames`, version 7 and later, on a machine set to English. */
export function compareNames(a: string, b: string): number {
  return (
    compareIntegers(numberOf(a), numberOf(b)) || collator.compare(plainDigits(a), plainDigits(b)) || compareUnits(a, b)
  )
}

/**
 * The name without digits beyond U+FFFF: in ICU's numeric order `101` comes before `1𝟙01`, which comes before `1V`,
 * which comes before `101`. Names that are equal without them are ordered by code units.
 */
function plainDigits(name: string): string {
  return name.replace(/[\u{10000}-\u{10ffff}]/gu, character => (/\p{Nd}/u.test(character) ? '\ufffd' : character))
}

const collator = new Intl.Collator('en', {
  usage: 'sort',
  numeric: true,
  sensitivity: 'variant',
  ignorePunctuation: true,
})

/** `getNumericPrefix`: 17 digits are a UTC time, if there is such a time. Names without a number are sorted as if it were 0. */
function numberOf(name: string): bigint {
  const [digits = ''] = /^\d+/.exec(name) ?? []
  if (digits.length !== 17) return BigInt(digits)
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(digits) ?? []
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`).valueOf()
  return BigInt(Number.isNaN(time) ? digits : time)
}

/** The folder: `-m` or `--migrations-dir` of a script, the configuration's `migrations-dir`, or `migrations`. */
function folderOf(tree: Tree, dir: string, manifest: string): string {
  const option = flag(manifest, /(?:\s-m|--migrations-dir)[\s=]+["']?([^\s"'\\]+)/)
  const configured = settingIn(tree, dir, manifest, 'migrations-dir')
  return option ?? configured.find(value => typeof value === 'string') ?? 'migrations'
}

/** `--decamelize` in a script, or in the configuration. */
function decamelizes(tree: Tree, dir: string): boolean {
  const manifest = dependencyAbove(tree, dir, 'package.json', 'node-pg-migrate')
  if (manifest === null) return false
  const { text, directory } = manifest
  return flag(text, /(--decamelize)\b/) !== undefined || settingIn(tree, directory, text, 'decamelize').includes(true)
}

/** A setting of the file that `--config-file` names, or of `db` in config/default.json (the package `config`). */
function settingIn(tree: Tree, dir: string, manifest: string, name: string): unknown[] {
  const named = flag(manifest, /(?:\s-f|--config-file)[\s=]+["']?([^\s"'\\=]+)/)
  const settings = (path: string) => json(textOf(tree, join(dir, path)) ?? '')
  const own = !named?.endsWith('.json') ? undefined : lookUp(settings(named), name)
  const shared = lookUp(record(settings('config/default.json').db) ?? {}, name)
  return [own, shared]
}

/** `--no-single-transaction` in a script: a transaction around each migration. */
function separate(tree: Tree, dir: string): boolean {
  const manifest = dependencyAbove(tree, dir, 'package.json', 'node-pg-migrate')
  return manifest !== null && flag(manifest.text, /(--no-single-transaction)/) !== undefined
}
