import type { SqlFiles } from '../reading/sql-file.ts'

/**
 * True for a program, without its comments, that does nothing but send one file of SQL, as `db-migrate create --sql-file` writes it. Any
 * other name, text or shape makes it false: then it may send more, and is read as a program.
 */
export function onlySends(code: string, { up, down }: SqlFiles): boolean {
  if (up.length !== 1 || down.length > 1) return false
  const bare = code.replace(text, (_, __, said: string) => {
    return said.endsWith('.sql') ? ` ${file} ` : harmless.has(said) ? ' ' : ` ${other} `
  })
  // A regular expression, or a text in which the literals were not found.
  if (/['"`\\/]/.test(bare)) return false
  const all = [...bare.matchAll(/[\p{L}\p{N}_$]+|[{}]/gu)].map(([word]) => word.replace(/^_+/, ''))
  const found = all
    .join(' ')
    .replace(helper, '')
    .split(' ')
    .filter(word => word !== '')
  const [start, end] = [found.indexOf('up'), found.indexOf('down')]
  if (start < 0 || found.lastIndexOf('up') !== start || found.lastIndexOf('down') !== end) return false
  if (end >= 0 && end < start) return false
  // Nothing inside of the function for the way back takes part in the way forward.
  const forward = end < 0 ? found : found.slice(0, end)
  if (!forward.every(word => names.has(word))) return false
  if (sending.some(word => forward.filter(each => each === word).length > 1)) return false
  // Code beside the functions may be part of either.
  const beside = outside(found)
  const tail = end < 0 ? [] : outside(found.slice(end + 1))
  return !beside.some(word => sending.includes(word)) && tail.every(word => last.has(word))
}

/** A literal without line ends and interpolations. */
const text = /(['"`])((?:(?!\1)[^\\\n$])*)\1/g

/** These stand for the name of a file, and for any other text. */
const file = '$file'
const other = '$text'

/** The words outside of braces. */
function outside(found: readonly string[]): string[] {
  let depth = 0
  return found.filter(word => {
    if (word === '{') depth++
    else if (word === '}') depth--
    return depth === 0 && word !== '}'
  })
}

/** The words of the function that both ways share in some of its versions. */
const helper =
  'function readAndRun db filePath { return new Promise function resolve reject { fs readFile filePath { encoding } ' +
  'function err data { if err return reject err resolve data } } then function data { return db runSql data } }'

const sending = [file, 'readFile', 'readFileSync', 'runSql', 'readAndRun']

const last: ReadonlySet<string> = new Set(['exports', 'module', 'meta', 'version', '1', 'function', 'async', 'db'])

const harmless: ReadonlySet<string> = new Set([
  ...['use strict', 'fs', 'path', 'node:fs', 'node:path', 'bluebird', 'sqls', 'version'],
  ...['utf8', 'utf-8', 'received data: '],
])

const names: ReadonlySet<string> = new Set([
  ...[
    '{',
    '}',
    file,
    'var',
    'const',
    'let',
    'function',
    'async',
    'return',
    'new',
    'if',
    'require',
    'fs',
    'path',
    'join',
  ],
  ...[
    'resolve',
    'readAndRun',
    'dirname',
    'readFile',
    'readFileSync',
    'toString',
    'Promise',
    'then',
    'reject',
    'err',
    'console',
    'log',
  ],
  ...[
    'encoding',
    'data',
    'filePath',
    'exports',
    'module',
    'up',
    'down',
    'db',
    'runSql',
    'dbm',
    'dbmigrate',
    'type',
    'seed',
  ],
  ...['seedLink', 'setup', 'options', 'dataType', 'meta', 'version', '1', 'callback', 'await'],
])
