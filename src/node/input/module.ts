import { pathToFileURL } from 'node:url'
import { Failure, reason } from '../failure.ts'

/**
 * The default export of a file of code, which runs. Only called for files that may run: see "Trust boundaries" in
 * docs/architecture.md. `what` names the file for people: `the configuration x.mjs`. Throws a Failure.
 */
export async function defaultExport(file: string, name: string, what: string): Promise<unknown> {
  // Node strips types itself from 22.18 and 23.6 on.
  if (/\.[cm]?ts$/.test(file) && !('typescript' in process.features && process.features.typescript)) {
    throw new Failure(
      `${name} needs Node.js 22.18 or newer, which reads TypeScript; this is ${process.version}.\n` +
        `Rename it to ${name.replace(/ts$/, 'js')} and remove the types, or use a newer Node.js.`,
    )
  }
  try {
    return (await import(pathToFileURL(file).href)).default
  } catch (error) {
    throw new Failure(`Cannot load ${what}: ${reason(error).split('\n')[0]}`)
  }
}
