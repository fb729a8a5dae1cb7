import type { Span } from '../../parse/span.ts'
import type { FilesOfLanguage } from '../evaluator/machine.ts'
import { functionOf, host, partOf } from '../host.ts'
import { folderOf, joinedPath, projectFile, sqlIn } from '../path.ts'
import type { Run } from '../run.ts'
import { plain, textAt, unknownIn } from '../text.ts'
import { type Host, known, unknown, type Value } from '../value.ts'

/**
 * `File`, `Path`, and resources that the build puts into the assembly. A program runs in another folder than its source, to which the
 * build copies files with their folders, so a path is one from the nearest folder of the source that has it.
 */
export function filesOfCSharp(run: Run): FilesOfLanguage {
  const read = (name: string) => functionOf(name, ({ args: [path], at }) => sqlIn(run, path, at))
  const File = partOf('File', {
    ReadAllText: read('File.ReadAllText'),
    OpenText: functionOf('File.OpenText', ({ args: [path] }) => streamOf(at => sqlIn(run, path, at))),
    OpenRead: functionOf('File.OpenRead', ({ args: [path] }) => streamOf(at => sqlIn(run, path, at))),
  })
  const join = (name: string) => functionOf(name, ({ args, at }) => joinedPath(args, at))
  const Path = partOf('Path', {
    Combine: join('Path.Combine'),
    Join: join('Path.Join'),
    GetFullPath: functionOf('Path.GetFullPath', ({ args: [path], at }) => path ?? unknown('no path is given', at)),
    GetDirectoryName: functionOf('Path.GetDirectoryName', ({ args: [path], at }) => folderOf(path, at)),
  })
  const here = (at: Span) => textAt('.', at)
  const assembly = host('an assembly', {
    Location: textAt('./an.dll', [0, 0]),
    GetManifestResourceStream: functionOf('GetManifestResourceStream', ({ args: [name], at }) => {
      const path = resource(run, name, at)
      return streamOf(place => (path.kind === 'text' ? sqlIn(run, path, place) : unknown(path.why, place)))
    }),
  })
  const own = functionOf('GetExecutingAssembly', () => assembly)
  const domain = host('AppDomain', { BaseDirectory: here([0, 0]) })
  return {
    globals: new Map<string, Value>([
      ['File', File],
      ['Path', Path],
      [
        'Directory',
        partOf('Directory', { GetCurrentDirectory: functionOf('GetCurrentDirectory', ({ at }) => here(at)) }),
      ],
      ['AppContext', partOf('AppContext', { BaseDirectory: here([0, 0]) })],
      ['AppDomain', partOf('AppDomain', { CurrentDomain: domain })],
      ['Assembly', partOf('Assembly', { GetExecutingAssembly: own })],
      [
        'StreamReader',
        functionOf('StreamReader', ({ args: [from], at }) =>
          from?.kind === 'text' ? streamOf(place => sqlIn(run, from, place)) : (from ?? unknown('it is a file', at)),
        ),
      ],
    ]),
  }
}

/** A file that is open for reading. */
function streamOf(text: (at: Span) => Value): Host {
  return partOf('a file', {
    ReadToEnd: functionOf('ReadToEnd', ({ at }) => text(at)),
    Dispose: functionOf('Dispose', ({ at }) => known(null, at)),
    Close: functionOf('Close', ({ at }) => known(null, at)),
  })
}

/**
 * The path of a resource. Its name is that of the project, and the path of its file from there, with dots. The project is where a
 * file of this name with `.csproj` is.
 */
function resource(run: Run, name: Value | undefined, at: Span): Value & { readonly kind: 'text' | 'unknown' } {
  if (name?.kind !== 'text' || unknownIn(name) !== null)
    return unknown(name?.kind === 'unknown' ? name.why : 'the name of the resource is unknown', at)
  const parts = plain(name).split('.')
  for (let i = 1; i < parts.length - 1; i++) {
    const path = `${parts.slice(i, -1).join('/')}.${parts.at(-1)}`
    const found = projectFile(run, `${parts.slice(0, i).join('.')}.csproj`, path, at)
    if (found !== null) return found
  }
  return unknown(`there is no file of the resource ${JSON.stringify(plain(name))}`, at)
}
