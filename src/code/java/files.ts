import type { Span } from '../../parse/span.ts'
import type { FilesOfLanguage } from '../evaluator/machine.ts'
import { functionOf, partOf } from '../host.ts'
import { folderOf, joinedPath, ownPath, sqlIn } from '../path.ts'
import type { Run } from '../run.ts'
import { plain, textAt, unknownIn } from '../text.ts'
import { type Call, type Host, known, unknown, type Value } from '../value.ts'

/** Where Maven and Gradle have the files that a program finds beside its classes. */
const resources = 'src/main/resources'
const sources = '/src/main/java/'

/** `Files` and `Path`, and resources of the class path. */
export function filesOfJava(run: Run): FilesOfLanguage {
  const paths = new WeakMap<Value, Value>()
  const textOf = (value: Value) => paths.get(value) ?? value
  const pathOf = (path: Value): Host => {
    const made = partOf('a path', {
      resolve: functionOf('resolve', ({ args: [other], at }) =>
        pathOf(joinedPath([path, ...(other ? [textOf(other)] : [])], at)),
      ),
      toString: functionOf('toString', () => path),
    })
    paths.set(made, path)
    return made
  }
  const asPath = ({ args, at }: Call) => pathOf(joinedPath(args, at))
  const read = (name: string) => functionOf(name, ({ args: [path], at }) => sqlIn(run, path && textOf(path), at))
  const Files = partOf('Files', { readString: read('Files.readString'), readAllBytes: read('Files.readAllBytes') })
  // A class finds a path without a slash at its start in its own package, and a loader of classes never does.
  const stream = (ofPackage: boolean) => (call: Call) => streamOf(at => sqlIn(run, resource(run, call, ofPackage), at))
  const loader = partOf('a class loader', {
    getResourceAsStream: functionOf('getResourceAsStream', stream(false)),
  })
  const ofClass = partOf('a class', {
    getResourceAsStream: functionOf('getResourceAsStream', stream(true)),
    getClassLoader: functionOf('getClassLoader', () => loader),
    getName: functionOf('getName', ({ at }) => unknown('it is the name of a class', at)),
    getSimpleName: functionOf('getSimpleName', ({ at }) => unknown('it is the name of a class', at)),
  })
  const modules: readonly [string, Value][] = [
    ['java.nio.file.Files', Files],
    ['java.nio.file.Path', partOf('Path', { of: functionOf('Path.of', asPath) })],
    ['java.nio.file.Paths', partOf('Paths', { get: functionOf('Paths.get', asPath) })],
  ]
  return {
    globals: new Map<string, Value>([
      ...modules.map(([name, value]): [string, Value] => [name.slice(name.lastIndexOf('.') + 1), value]),
      ['getClass', functionOf('getClass', () => ofClass)],
      [classLiteral, ofClass],
    ]),
    modules: new Map(modules),
  }
}

/** The name of `A.class`, whatever the class. */
export const classLiteral = '.class'

function streamOf(text: (at: Span) => Value): Host {
  return partOf('a stream', {
    readAllBytes: functionOf('readAllBytes', ({ at }) => text(at)),
    close: functionOf('close', ({ at }) => known(null, at)),
  })
}

/** The path of a resource in the sources. */
function resource(run: Run, { args: [name], at }: Call, ofPackage: boolean): Value {
  if (name?.kind !== 'text' || unknownIn(name) !== null)
    return unknown(name?.kind === 'unknown' ? name.why : 'the name of the resource is unknown', at)
  const said = plain(name)
  if (said.startsWith('/')) return ofPackage ? textAt(`${resources}${said}`, at) : unknown('no loader finds it', at)
  if (!ofPackage) return textAt(`${resources}/${said}`, at)
  const own = folderOf(ownPath(run, at), at)
  const path = own.kind === 'text' ? plain(own) : ''
  const start = path.indexOf(sources)
  return start < 0
    ? unknown('the package of the class is unknown', at)
    : textAt(`${resources}/${path.slice(start + sources.length)}/${said}`, at)
}
