import type { Random } from '../random.ts'
import { type TextOf, valid } from './sql.ts'
import { oddCharacter, oddName, token } from './words.ts'

const commands = [
  '\\i file.sql',
  '\\ir ../../etc/passwd',
  '\\include_relative x',
  '\\c other',
  '\\connect',
  '\\set x 1',
  '\\set x `id`',
  '\\unset',
  '\\gset',
  '\\gexec',
  '\\g | sh',
  '\\g',
  '\\;',
  '\\\\',
  '\\! rm -rf x',
  '\\if :{?x}',
  '\\elif false',
  '\\else',
  '\\endif',
  '\\copy t from stdin',
  "\\copy t from program 'x'",
  "\\COPY t to 'x'",
  '\\echo "a',
  "\\echo 'a\\'",
  '\\watch 1',
  '\\crosstabview',
  '\\restrict x',
  '\\unrestrict x',
  '\\q',
  '\\',
  '\\.',
  '\\é',
]

const row = (random: Random) =>
  random
    .some(0, 4, () =>
      random.pick([
        '1',
        'a',
        '\\N',
        '\\\\',
        "'",
        '"',
        ';',
        '$$',
        '--',
        '/*',
        oddCharacter(random),
        'DROP TABLE users;',
      ]),
    )
    .join('\t')

/** Text that psql does not send: its commands, variables, and the data of COPY. */
export const psql: TextOf = (random, corpus) =>
  random
    .some(1, 8, () => {
      if (random.chance(35)) return `${random.pick(commands)}${random.pick(['\n', '\n', ' ', ''])}`
      if (random.chance(35)) return copy(random)
      if (random.chance(20)) return `SELECT :${random.pick(['x', "'x'", '"x"', '{?x}', ':int', oddName(random)])};\n`
      return `${valid(random, corpus)}${random.pick([';\n', '\n', ' ', ''])}`
    })
    .join('')

function copy(random: Random): string {
  const head = random.pick([
    'COPY t FROM stdin;',
    'COPY t (a, b) FROM STDIN WITH (FORMAT csv);',
    'copy t from stdin',
    'COPY t FROM stdin WHERE a > 1;',
    "COPY t FROM PROGRAM 'x';",
    'COPY (SELECT 1) TO stdout;',
  ])
  const end = random.pick(['\\.\n', '\\.\n', '\\.\r\n', '\\. \n', '\\.x\n', '\n', ''])
  return `${head}\n${random.some(0, 5, () => `${row(random)}\n`).join('')}${end}`
}

/** Texts that another program replaces before PostgreSQL reads them. */
export const templates: TextOf = (random, corpus) => {
  const opened = () => random.pick(['${', '{{', '{%', '{#', '#{', '<%=', '<%', '@', ':', ':{?', '%(', '$('])
  const closed = () => random.pick(['}', '}}', '%}', '#}', '%>', '@', ')s', '', '\n'])
  const template = () =>
    `${opened()}${random.pick([' x ', 'x', '- if x ', 'end', oddName(random), token(random)])}${closed()}`
  const words = valid(random, corpus).split(/\b/)
  for (const text of random.some(1, 5, template))
    words.splice(random.between(0, words.length), random.between(0, 1), text)
  return words.join('')
}
