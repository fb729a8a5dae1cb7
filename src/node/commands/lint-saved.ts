import type { Format } from '../../report/formats.ts'
import { isCaptureText, readCapture } from '../capture/file.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure, reason } from '../failure.ts'
import type { LintFlags } from '../flags.ts'
import { resolveConfig } from '../input/resolve-config.ts'
import { typedFile } from '../input/typed-file.ts'
import type { Output } from '../output/output.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'
import { lintCaptured } from './lint-captured.ts'

/** The flags that mean files, and nothing in a capture. */
const ofFiles = [
  ...['changed', 'since', 'staged', 'requireHistory', 'allowEdit', 'baseline', 'updateBaseline', 'pruneBaseline'],
  ...['fix', 'diff', 'down', 'system', 'transaction', 'timing'],
] as const satisfies readonly (keyof LintFlags)[]

const kebab = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()

/** Lints a file of `capture --save`, and returns the exit code; null: the path is not such a file. Throws a Failure if it cannot be used. */
export async function lintSaved(
  path: string,
  flags: LintFlags,
  wanted: readonly Output<Format>[],
): Promise<number | null> {
  let text: string | null
  try {
    text = typedFile(path)
  } catch {
    return null
  }
  if (text === null || !isCaptureText(text)) return null
  const odd = ofFiles.find(flag => flags[flag] !== undefined && flags[flag] !== false)
  if (odd !== undefined)
    throw new Failure(`${path} is a capture, for which --${kebab(odd)} means nothing: leave it out.`)
  let capture: ReturnType<typeof readCapture>
  try {
    capture = readCapture(text)
  } catch (error) {
    throw new Failure(
      `The capture ${path} cannot be used: ${reason(error)}. Write it again: migrate-lint capture --save.`,
    )
  }
  const config = await resolveConfig(flags, process.cwd(), registry)
  const code = await lintCaptured(capture, { config, flags, wanted, source: 'what a command sent', last: null })
  if (capture.code === 0) return code
  tell(`The command of this capture ended with exit code ${capture.code}, so it may not have sent everything.`)
  return exitCodes.failure
}
