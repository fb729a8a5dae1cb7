import type { FilesOfLanguage } from '../evaluator/machine.ts'
import { functionOf, partOf } from '../host.ts'
import { folderOf, joinedPath, ownFolder, ownPath, projectFolder, sqlIn } from '../path.ts'
import type { Run } from '../run.ts'
import type { Value } from '../value.ts'

/** What reads files, and says where they are: PHP's own functions, and those of Laravel. */
export function filesOfPhp(run: Run): FilesOfLanguage {
  const read = functionOf('file_get_contents', ({ args: [path], at }) => sqlIn(run, path, at))
  /** Folders of a Laravel project: `database_path('x.sql')`. */
  const below = (name: string, folder: string): [string, Value] => [
    name,
    functionOf(name, ({ args, at }) => {
      const root = joinedPath([projectFolder(run, 'database', at), { kind: 'text', pieces: [] }], at)
      return joinedPath([root, ...folderAt(folder, at), ...args], at)
    }),
  ]
  const facade = partOf('File', { get: read })
  return {
    globals: new Map<string, Value>([
      ['__DIR__', ownFolder(run, [0, 0])],
      ['__FILE__', ownPath(run, [0, 0])],
      ['file_get_contents', read],
      ['dirname', functionOf('dirname', ({ args: [path], at }) => folderOf(path, at))],
      ['realpath', functionOf('realpath', ({ args: [path], at }) => joinedPath(path ? [path] : [], at))],
      below('database_path', 'database'),
      below('base_path', ''),
      below('app_path', 'app'),
      below('resource_path', 'resources'),
      below('storage_path', 'storage'),
    ]),
    modules: new Map([['Illuminate\\Support\\Facades\\File', facade]]),
  }
}

function folderAt(name: string, at: readonly [number, number]): Value[] {
  return name === '' ? [] : [{ kind: 'text', pieces: [{ text: name, at: [...at], isVerbatim: false }] }]
}
