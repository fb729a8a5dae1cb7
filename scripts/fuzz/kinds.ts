import { presets } from '../../src/lint/config/config.ts'
import { transactionModes } from '../../src/migration/transaction-mode.ts'
import { newestVersion, oldestVersion } from '../../src/postgres/version.ts'
import type { Corpus } from './corpus.ts'
import { baseline } from './generate/baseline.ts'
import { plpgsql, quotes } from './generate/body.ts'
import { bytes } from './generate/bytes.ts'
import { psql, templates } from './generate/client.ts'
import { configText } from './generate/config.ts'
import { flat, nested } from './generate/deep.ts'
import { directives } from './generate/directive.ts'
import { event } from './generate/event.ts'
import { layers } from './generate/layers.ts'
import { programs } from './generate/program.ts'
import { damaged, damagedTree, type Files, toolFiles, wholeTree } from './generate/project.ts'
import { trackedRows } from './generate/rows.ts'
import { serverFiles } from './generate/server.ts'
import { sizes } from './generate/sizes.ts'
import { changed, names, soup, splice, truncated, unicode, valid } from './generate/sql.ts'
import { oddName } from './generate/words.ts'
import type { Input } from './input.ts'
import { type Random, randomOf } from './random.ts'

interface Kind {
  /** The relative frequency. */
  readonly weight: number
  readonly generate: (random: Random, corpus: Corpus) => Omit<Input, 'kind'>
}

type Draw<T> = (random: Random, corpus: Corpus) => T

/** The kinds of generated inputs, by name. */
const kinds: Readonly<Record<string, Kind>> = {
  'valid statements': { weight: 2, generate: migrations(valid) },
  splices: { weight: 15, generate: migrations(splice) },
  truncations: { weight: 8, generate: migrations(truncated) },
  accidents: { weight: 10, generate: migrations(changed) },
  'soup of tokens': { weight: 15, generate: migrations(soup) },
  nesting: { weight: 5, generate: migrations(nested) },
  'long lists': { weight: 3, generate: migrations(flat) },
  Unicode: { weight: 8, generate: migrations(unicode) },
  'odd names': { weight: 8, generate: migrations(names) },
  directives: { weight: 8, generate: migrations(directives) },
  'dollar quotes': { weight: 10, generate: migrations(quotes) },
  'psql and COPY': { weight: 8, generate: migrations(psql) },
  templates: { weight: 5, generate: migrations(templates) },
  'PL/pgSQL': { weight: 8, generate: migrations(plpgsql) },
  bytes: { weight: 5, generate: migrations(bytes) },
  configuration: { weight: 6, generate: configured },
  'tool files': { weight: 3, generate: project(toolFiles) },
  programs: { weight: 8, generate: project(programs) },
  'changed history': { weight: 2, generate: history },
  'damaged projects': { weight: 2, generate: project(damagedTree) },
  baselines: { weight: 4, generate: accepted },
  'rows of tracking tables': { weight: 3, generate: trackedRows },
  'events of GitHub': { weight: 6, generate: event },
  'files that name the server': {
    weight: 4,
    generate: random => ({ as: 'server', files: serverFiles(random), config: '{}' }),
  },
  'sizes of tables': { weight: 4, generate: measured },
  'configurations of configurations': { weight: 3, generate: extended },
}

const all = Object.keys(kinds)
const wheel = all.flatMap(name => Array.from({ length: kinds[name]?.weight ?? 0 }, () => name))

export const kindNames: readonly string[] = all

/** The input with this number in the run with this seed, of the given kind if there is one. */
export function inputOf(seed: number, number: number, corpus: Corpus, wanted?: string): Input {
  const random = randomOf(seed, number)
  const drawn = random.pick(wheel)
  const kind = wanted ?? drawn
  const generate = kinds[kind]?.generate
  if (!generate) throw new Error(`There is no kind of input called "${kind}".`)
  return { kind, ...generate(random, corpus) }
}

/** Valid settings that change how a migration is read or judged. */
function settings(random: Random): string {
  if (random.chance(40)) return '{}'
  return JSON.stringify({
    preset: random.pick(presets),
    pgVersion: random.pick([`${oldestVersion}`, '15', `${newestVersion}`]),
    transaction: random.pick(transactionModes),
    compat: random.chance(50),
    requireReason: random.chance(30),
  })
}

function migrations(draw: Draw<string | Uint8Array>): Kind['generate'] {
  return (random, corpus) => {
    const files: Files = new Map()
    for (let left = random.chance(85) ? 1 : random.between(2, 4); left > 0; left--) {
      const path = random.chance(92) ? `${files.size + 1}.sql` : `${oddName(random)}${files.size}`
      files.set(path, draw(random, corpus))
    }
    return { as: 'migrations', files, config: settings(random) }
  }
}

function configured(random: Random, corpus: Corpus): Omit<Input, 'kind'> {
  const files: Files = new Map([
    ['1.sql', valid(random, corpus)],
    [
      random.chance(60) ? 'db/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.sql' : `${oddName(random)}.sql`,
      valid(random, corpus),
    ],
  ])
  return { as: 'migrations', files, config: configText(random) }
}

/** Migrations, and a baseline that may match them. */
function accepted(random: Random, corpus: Corpus): Omit<Input, 'kind'> {
  const paths = ['1.sql', random.chance(70) ? 'db/2.sql' : `${oddName(random)}.sql`]
  const files: Files = new Map(paths.map(path => [path, valid(random, corpus)]))
  return { as: 'baseline', files, given: baseline(random, paths), config: settings(random) }
}

/** A migration with work on tables, and a file with the sizes of these. */
function measured(random: Random, corpus: Corpus): Omit<Input, 'kind'> {
  const work = random.some(0, 3, () =>
    random.pick(['CREATE INDEX ON orders (a);', 'UPDATE users SET a = 1;', 'VACUUM FULL orders;']),
  )
  const files: Files = new Map([['1.sql', [...work, valid(random, corpus)].join('\n')]])
  return { as: 'sizes', files, given: sizes(random, ['orders', 'users', 'items']), config: settings(random) }
}

function extended(random: Random): Omit<Input, 'kind'> {
  return { as: 'layers', files: layers(random), config: '{}', given: random.chance(60) ? 'plugins' : '' }
}

/** A project, and a changed version of it after it was applied. */
function history(random: Random, corpus: Corpus): Omit<Input, 'kind'> {
  const before = wholeTree(random, corpus)
  const files = damaged(random, corpus, before)
  return { as: 'project', files, before, config: settings(random) }
}

function project(draw: Draw<Files>): Kind['generate'] {
  return (random, corpus) => ({ as: 'project', files: draw(random, corpus), config: settings(random) })
}
