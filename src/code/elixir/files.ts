import type { Span } from '../../parse/span.ts'
import type { FilesOfLanguage } from '../evaluator/machine.ts'
import { functionOf, host, partOf } from '../host.ts'
import { folderOf, joinedPath, ownFolder, ownPath, projectFolder, sqlIn } from '../path.ts'
import type { Run } from '../run.ts'
import { plain, type Text, textAt } from '../text.ts'
import { unknown, type Value } from '../value.ts'

/** `File`, `Path` and `Application.app_dir`. */
export function filesOfElixir(run: Run): FilesOfLanguage {
  const File = partOf('File', { 'read!': functionOf('File.read!', ({ args: [path], at }) => sqlIn(run, path, at)) })
  const Path = partOf('Path', {
    join: functionOf('Path.join', ({ args, at }) => {
      const [first] = args
      return joinedPath(first?.kind === 'list' && !first.isOpen ? first.items : args, at)
    }),
    dirname: functionOf('Path.dirname', ({ args: [path], at }) => folderOf(path, at)),
    expand: functionOf('Path.expand', ({ args: [path, from], at }) =>
      path?.kind === 'text' && from && !plain(path).startsWith('/')
        ? joinedPath([from, path], at)
        : (path ?? joinedPath([], at)),
    ),
  })
  const Application = partOf('Application', {
    app_dir: functionOf('Application.app_dir', ({ args: [, ...rest], at }) =>
      joinedPath(
        [projectFolder(run, 'priv', at), ...rest.flatMap(part => (part.kind === 'list' ? part.items : part))],
        at,
      ),
    ),
  })
  return {
    globals: new Map<string, Value>([
      ['File', File],
      ['Path', Path],
      ['Application', Application],
      ['__DIR__', ownFolder(run, [0, 0])],
      ['__DIR__()', functionOf('__DIR__', ({ at }) => ownFolder(run, at))],
      ['__ENV__', host('__ENV__', { file: ownPath(run, [0, 0]) })],
    ]),
  }
}

/** `:code.priv_dir(:app)`: a function of the module that this atom names. */
export function privFolder(of: Text, run: Run, at: Span): Value {
  if (plain(of) !== 'code') return unknown(`\`${plain(of)}\` is not read`, at)
  return joinedPath([projectFolder(run, 'priv', at), textAt('priv', at)], at)
}
