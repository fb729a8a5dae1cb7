import type { FilesOfLanguage } from '../evaluator/machine.ts'
import { functionOf, partOf } from '../host.ts'
import { folderOf, joinedPath, ownFolder, ownPath, sqlIn } from '../path.ts'
import type { Run } from '../run.ts'
import { plain } from '../text.ts'
import type { Call, Value } from '../value.ts'

/** `File`, `IO` and `Pathname`, and where the program is. */
export function filesOfRuby(run: Run): FilesOfLanguage {
  const read = functionOf('File.read', ({ args: [path], at }) => sqlIn(run, path, at))
  const files = partOf('File', {
    read,
    binread: read,
    join: functionOf('File.join', ({ args, at }) => joinedPath(args, at)),
    dirname: functionOf('File.dirname', ({ args: [path], at }) => folderOf(path, at)),
    realpath: functionOf('File.realpath', expanded),
    expand_path: functionOf('File.expand_path', expanded),
    absolute_path: functionOf('File.absolute_path', expanded),
  })
  return {
    globals: new Map<string, Value>([
      ['File', files],
      ['IO', files],
      ['__FILE__', ownPath(run, [0, 0])],
      ['__dir__', functionOf('__dir__', ({ at }) => ownFolder(run, at))],
    ]),
  }
}

/** `File.expand_path('../x.sql', __FILE__)`: from the second one, or from where the tool is started. */
function expanded({ args: [path, from], at }: Call): Value {
  if (path?.kind !== 'text' || !from || plain(path).startsWith('/')) return path ?? joinedPath([], at)
  return joinedPath([from, path], at)
}
