import { registry } from '../../../src/index.ts'
import { type TextOf, valid } from './sql.ts'
import { oddCharacter, oddName, token } from './words.ts'

const ours = [
  'disable-next-statement',
  'disable-line',
  'disable',
  'enable',
  'disable-file',
  'allow-edit',
  'disble',
  '',
  '-',
  'DISABLE',
]
const peers = [
  'squawk-ignore',
  'squawk-ignore-file',
  'squawk-ignore-next-statement',
  'pgt-ignore',
  'pgls-ignore-all',
  'pgls-ignore-start',
  'pgls-ignore-end',
  'pgls-ignore lint/safety/banDropColumn:',
  'eugene: ignore',
  'pgfence-ignore:',
  'pgfence: ignore',
  'atlas:nolint',
  'atlas:txmode none',
  'atlas:delimiter \\n\\n\\n',
  '+goose Up',
  '+goose Down',
  '+goose StatementBegin',
  '+goose NO TRANSACTION',
  '+goose ENVSUB ON',
  'migrate:up transaction:false',
  'migrate:down',
  'no-transaction',
  '@undo',
  '! includeAlias: x',
  '--! include x',
  'liquibase formatted sql',
  'changeset a:b splitStatements:false endDelimiter:/',
  'rollback DROP TABLE a;',
  'preconditions onFail:HALT',
  'flyway:executeInTransaction=false',
  'disable-transaction',
  'postgres-migrations disable-transaction',
  'Up Migration',
  'Down Migration',
]

/** Comments for this linter, for others and for migration tools, among statements. */
export const directives: TextOf = (random, corpus) => {
  const ids = registry.rules.map(({ id }) => id)
  const rule = () => random.pick([random.pick(ids), random.pick(ids), 'all', '*', oddName(random), ''])
  const directive = () => {
    const name = random.chance(60) ? `migrate-lint-${random.pick(ours)}` : random.pick(peers)
    const reason = random.pick(['', '', ' -- because', ' --', ' — x', ` -- ${oddCharacter(random)}`, ': why'])
    const words = `${name} ${random.some(0, 3, rule).join(random.pick([', ', ' ', ',,']))}${reason}`
    return random.pick([
      `-- ${words}\n`,
      `--${words}\n`,
      `/* ${words} */`,
      `/*\n * ${words}\n */\n`,
      `/* ${words}`,
      `# ${words}\n`,
    ])
  }
  return random
    .some(1, 6, () =>
      random.chance(60) ? directive() : `${valid(random, corpus)}${random.pick([';', '', '\n', ` ${token(random)}`])}`,
    )
    .join(random.pick(['\n', '', ' ']))
}
