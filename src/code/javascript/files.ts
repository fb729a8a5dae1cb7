import type { Span } from '../../parse/span.ts'
import { functionOf, partOf } from '../host.ts'
import { folderOf, joinedPath, ownFolder, ownPath, sqlIn } from '../path.ts'
import type { Run } from '../run.ts'
import { textAt } from '../text.ts'
import { type Call, known, record, type Value } from '../value.ts'
import type { Machine } from './machine.ts'

/** Modules of Node.js that read files, and say where they are, by name; with `node:` before it, too. */
export function fileModules(machine: Machine): ReadonlyMap<string, Value> {
  const { run } = machine
  const read = functionOf('readFileSync', ({ args: [path], at }) => sqlIn(run, path, at))
  const later = functionOf('readFile', (given: Call) => {
    const { args, at, nameAt } = given
    const last = args.at(-1)
    const text = sqlIn(run, args[0], at)
    if (last?.kind !== 'callable') return text
    return machine.call(last, [known(null, at), text], { at, nameAt, argsAt: [at, at] })
  })
  const promises = partOf('fs.promises', { readFile: read })
  const path = partOf('path', {
    join: functionOf('path.join', ({ args, at }) => joinedPath(args, at)),
    resolve: functionOf('path.resolve', ({ args, at }) => joinedPath(args, at, true)),
    dirname: functionOf('path.dirname', ({ args: [from], at }) => folderOf(from, at)),
    sep: textAt('/', [0, 0]),
  })
  const url = partOf('url', {
    fileURLToPath: functionOf('fileURLToPath', ({ args: [from], at }) => from ?? ownPath(run, at)),
  })
  const modules: readonly (readonly [string, Value])[] = [
    ['fs', partOf('fs', { readFileSync: read, readFile: later, promises })],
    ['fs/promises', promises],
    ['path', path],
    ['url', url],
  ]
  return new Map(modules.flatMap(([name, value]) => [[name, value] as const, [`node:${name}`, value] as const]))
}

/** `import.meta`: where a module is. Its URL stands for its path. */
export function metaOf(run: Run, at: Span): Value {
  const [path, folder] = [ownPath(run, at), ownFolder(run, at)]
  return record(
    [
      ['url', path],
      ['filename', path],
      ['dirname', folder],
    ],
    at,
  )
}

/** Where the program is: names that CommonJS has, and `new URL('./x.sql', import.meta.url)`. */
export function ownPlaces(run: Run): [string, Value][] {
  return [
    [
      'URL',
      functionOf('URL', ({ args: [path, from], at }) =>
        joinedPath([...(from ? [folderOf(from, at)] : []), ...(path ? [path] : [])], at),
      ),
    ],
    [`__${'dirname'}`, ownFolder(run, [0, 0])],
    ['__filename', ownPath(run, [0, 0])],
  ]
}
