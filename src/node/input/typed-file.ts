import { dirname, resolve } from 'node:path'
import { Failure, reason } from '../failure.ts'
import { onDisk } from './file-source.ts'

/** The text of a file that a person has named; null: there is none. Throws an Error, with the reason as the message, if it cannot be read. */
export function typedFile(path: string): string | null {
  const place = resolve(path)
  const source = onDisk(dirname(place))
  source.admit(place)
  return source.read(place)
}

/** The same for the file that a flag names, which must be there. Throws a Failure. */
export function fileOfFlag(flag: string, path: string): string {
  let text: string | null
  try {
    text = typedFile(path)
  } catch (error) {
    throw new Failure(`${flag}: ${path} cannot be read: ${reason(error)}.`)
  }
  if (text === null) throw new Failure(`${flag}: there is no file ${path}.`)
  return text
}
