import { describe, expect, it } from 'vitest'
import { commit, type Files, git, repository, write } from '../kit/git.ts'
import { found } from './kit/applied.ts'

/** What is done to applied migrations, and the rules that report it. */
interface Deed {
  readonly main: Files
  readonly branch: Files
  /** Of `main`. */
  readonly deletes?: string
  readonly rules: readonly string[]
  /** The exit code; default: 1. */
  readonly ends?: number
}

const sqlx = {
  'Cargo.toml': '[dependencies]\nsqlx = { version = "0.8", features = ["postgres"] }\n',
  'migrations/20240101000000_a.sql': 'CREATE TABLE a (id int PRIMARY KEY);\n',
  'migrations/20240301000000_c.sql': 'CREATE TABLE c (id int PRIMARY KEY);\n',
}
const silenced = '-- migrate-lint-disable-file\n'
const journal = (...whens: number[]) =>
  JSON.stringify({
    dialect: 'postgresql',
    entries: whens.map((when, idx) => ({ idx, when, tag: `000${idx}_t` })),
  })
const drizzle = {
  'drizzle/0000_t.sql': 'CREATE TABLE a (id int PRIMARY KEY);\n',
  'drizzle/0001_t.sql': 'CREATE TABLE b (id int PRIMARY KEY);\n',
  'drizzle/meta/_journal.json': journal(1_771_200_000_000, 1_771_300_000_000),
}
const revision = (id: string, down: string) => `revision = "${id}"\ndown_revision = ${down}\ndef upgrade():\n    pass\n`
const alembic = {
  'alembic/env.py': '',
  'alembic/script.py.mako': '',
  'alembic/versions/aaa.py': revision('aaa', 'None'),
  'alembic/versions/bbb.py': revision('bbb', '"aaa"'),
}
const django = (...dependencies: string[]) =>
  `class Migration(migrations.Migration):\n    dependencies = [${dependencies.map(each => `("shop", "${each}")`).join(', ')}]\n`
const shop = {
  'manage.py': '',
  'shop/migrations/0001_initial.py': django(),
  'shop/migrations/0002_a.py': django('0001_initial'),
}

const deeds: Readonly<Record<string, Deed>> = {
  'F5: an edit under a comment that silences everything': {
    main: { ...sqlx, 'migrations/20240101000000_a.sql': `${silenced}CREATE TABLE a (id int PRIMARY KEY);\n` },
    branch: { 'migrations/20240101000000_a.sql': `${silenced}CREATE TABLE a (id bigint PRIMARY KEY);\n` },
    rules: ['edited-migration'],
  },
  'F5: that comment itself': {
    main: sqlx,
    branch: { 'migrations/20240101000000_a.sql': `${silenced}CREATE TABLE a (id int PRIMARY KEY);\n` },
    rules: ['edited-migration'],
  },
  'F5: a late file under such a comment': {
    main: sqlx,
    branch: { 'migrations/20240201000000_b.sql': `${silenced}CREATE TABLE b (id int PRIMARY KEY);\n` },
    rules: ['out-of-order-migration'],
    // sqlx runs it, so it is a warning.
    ends: 0,
  },
  'the last migration is deleted': {
    main: sqlx,
    branch: {},
    deletes: 'migrations/20240301000000_c.sql',
    rules: ['deleted-migration'],
  },
  'F6: another time of an applied entry': {
    main: drizzle,
    branch: { 'drizzle/meta/_journal.json': journal(1_771_200_000_000, 1_780_000_000_000) },
    rules: ['edited-migration'],
  },
  'F6: a time in the future': {
    main: drizzle,
    branch: {
      'drizzle/0002_t.sql': 'CREATE TABLE c (id int PRIMARY KEY);\n',
      'drizzle/meta/_journal.json': journal(1_771_200_000_000, 1_771_300_000_000, 4_070_908_800_000),
    },
    rules: ['integrity-file-stale'],
  },
  'F14: two heads of Alembic': {
    main: alembic,
    branch: { 'alembic/versions/ccc.py': revision('ccc', '"aaa"') },
    rules: ['several-heads'],
  },
  'F14: two leaves of Django': {
    main: shop,
    branch: { 'shop/migrations/0002_b.py': django('0001_initial') },
    rules: ['several-heads'],
  },
}

/** The ways to ask, and whether the change is committed by then. */
const entries: readonly (readonly [commits: boolean, ...args: string[]])[] = [
  [true],
  [true, '--since', 'main'],
  [false, '--changed'],
  [false, '--staged'],
  [true, 'history'],
  [true, 'history', '--since', 'main'],
  [false, 'history', '--staged'],
]

/** The rules about the past. */
const history = /^(?:edited|deleted|renamed|out-of-order)-migration$|^several-heads$|^integrity-file-stale$/

describe.each(Object.entries(deeds))('%s', (_, { main, branch, deletes, rules, ends = 1 }) => {
  it.each(entries.map(entry => [entry.slice(1).join(' ') || 'a run without flags', entry] as const))(
    'is reported by %s',
    async (_, [commits, ...args]) => {
      const cwd = repository(main)
      write(cwd, branch)
      if (deletes !== undefined) git(cwd, 'rm', '-q', deletes)
      if (commits) commit(cwd)
      else git(cwd, 'add', '-A')
      const { findings, code, stderr } = await found(cwd, args)
      const told = findings.map(line => line.slice(line.lastIndexOf(' ') + 1)).filter(rule => history.test(rule))
      expect([...new Set(told)], stderr).toEqual(rules)
      expect(code).toBe(ends)
    },
  )
})
