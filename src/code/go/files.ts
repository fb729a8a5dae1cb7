import type { FilesOfLanguage } from '../evaluator/machine.ts'
import { functionOf, partOf } from '../host.ts'
import { joinedPath, ownFolder, sqlIn } from '../path.ts'
import type { Run } from '../run.ts'
import { type Call, known, list, type Value } from '../value.ts'

/** Functions that stand for `//go:embed` before a variable: a file as a text, and files by their paths. */
export const embeddedText = '//go:embed'
export const embeddedFiles = '//go:embed FS'

/** `os.ReadFile`, and files that the compiler puts into the program: paths from the folder of its source. */
export function filesOfGo(run: Run): FilesOfLanguage {
  const beside = ({ args: [path], at }: Call): Value =>
    sqlIn(run, joinedPath([ownFolder(run, at), ...(path ? [path] : [])], at), at)
  const readFile = (name: string, read: (call: Call) => Value) =>
    functionOf(name, call => list([read(call), known(null, call.at)], call.at))
  return {
    globals: new Map<string, Value>([
      [embeddedText, functionOf(embeddedText, beside)],
      [
        embeddedFiles,
        functionOf(embeddedFiles, () => partOf('embedded files', { ReadFile: readFile('ReadFile', beside) })),
      ],
    ]),
    modules: new Map<string, Value>([
      ['os', partOf('os', { ReadFile: readFile('os.ReadFile', ({ args: [path], at }) => sqlIn(run, path, at)) })],
      [
        'path/filepath',
        partOf('filepath', { Join: functionOf('filepath.Join', ({ args, at }) => joinedPath(args, at)) }),
      ],
      ['path', partOf('path', { Join: functionOf('path.Join', ({ args, at }) => joinedPath(args, at)) })],
    ]),
  }
}
