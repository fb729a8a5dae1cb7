import type { Span } from '../../parse/span.ts'
import type { FilesOfLanguage } from '../evaluator/machine.ts'
import { answerOf, functionOf, partOf } from '../host.ts'
import { folderOf, joinedPath, ownPath, sqlIn } from '../path.ts'
import type { Run } from '../run.ts'
import { type Call, type Host, unknown, type Value } from '../value.ts'

/** `open`, `os.path` and `pathlib`. */
export function filesOfPython(run: Run): FilesOfLanguage {
  const openFile = functionOf('open', ({ args: [path], at }) =>
    opened(run, path ? textOf(path) : unknown('no path is given', at), at),
  )
  const join = functionOf('os.path.join', ({ args, at }) => joinedPath(args.map(textOf), at, true))
  const same = functionOf('os.path.abspath', ({ args: [path], at }) =>
    path ? textOf(path) : unknown('no path is given', at),
  )
  const dirname = functionOf('os.path.dirname', ({ args: [path], at }) => folderOf(path && textOf(path), at))
  const path = partOf('os.path', { join, dirname, abspath: same, realpath: same, normpath: same })
  const os = partOf('os', { path })
  const made = functionOf('Path', ({ args, at }) => pathOf(run, joinedPath(args.map(textOf), at, true)))
  const pathlib = partOf('pathlib', { Path: made, PurePath: made })
  const io = partOf('io', { open: openFile })
  return {
    globals: new Map<string, Value>([
      ['__file__', ownPath(run, [0, 0])],
      ['open', openFile],
    ]),
    modules: new Map<string, Value>([
      ['os', os],
      ['os.path', path],
      ['pathlib', pathlib],
      ['io', io],
      ['codecs', io],
    ]),
  }
}

const paths = new WeakMap<Value, Value>()

/** A path as a text, whether it is one already or made by `pathlib`. */
function textOf(value: Value): Value {
  return paths.get(value) ?? value
}

function pathOf(run: Run, path: Value): Value {
  const next = (name: string, make: (call: Call) => Value) => functionOf(name, call => pathOf(run, make(call)))
  const itself = next('resolve', () => path)
  const members: Readonly<Record<string, (at: Span) => Value>> = {
    parent: at => pathOf(run, folderOf(path, at)),
    parents: () => ({
      kind: 'host',
      name: 'parents',
      isInert: true,
      index: (by, at) => {
        let above = folderOf(path, at)
        if (by.kind !== 'plain' || typeof by.value !== 'number' || by.value > 50)
          return unknown('its number is unknown or too large', at)
        for (let i = 0; i < by.value; i++) above = folderOf(above, at)
        return pathOf(run, above)
      },
    }),
    resolve: () => itself,
    absolute: () => itself,
    joinpath: () => next('joinpath', ({ args, at }) => joinedPath([path, ...args.map(textOf)], at, true)),
    with_name: () =>
      next('with_name', ({ args: [name], at }) => joinedPath([folderOf(path, at), ...(name ? [name] : [])], at)),
    read_text: () => functionOf('read_text', ({ at }) => sqlIn(run, path, at)),
    open: () => functionOf('open', ({ at }) => opened(run, path, at)),
    as_posix: () => functionOf('as_posix', () => path),
  }
  const all = new Map(Object.entries(members))
  const self: Host = {
    kind: 'host',
    name: 'a path',
    isInert: true,
    get: (name, at) => all.get(name)?.(at) ?? answerOf(name, 'it is about a file'),
    operation: (operator, other, at, isRight) =>
      operator === '/'
        ? pathOf(run, joinedPath(isRight ? [textOf(other), path] : [path, textOf(other)], at, true))
        : undefined,
  }
  paths.set(self, path)
  return self
}

/** A file that is open for reading. */
function opened(run: Run, path: Value, at: Span): Value {
  const read = functionOf('read', call => sqlIn(run, path, call.at))
  const close = functionOf('close', call => unknown('it is about a file', call.at))
  const members = new Map<string, Value>([
    ['read', read],
    ['close', close],
  ])
  return {
    kind: 'host',
    name: 'a file',
    isInert: true,
    get: name => members.get(name) ?? unknown('it is read from a file', at),
  }
}
