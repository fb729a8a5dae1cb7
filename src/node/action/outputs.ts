import * as core from '@actions/core'
import { Failure, reason } from '../failure.ts'

/** Whether the change may be merged as it is. `error`: the tool could not do all of its work. */
export type Conclusion = 'pass' | 'fail' | 'error'

/** All outputs, by name, in the order of action.yml. */
export const outputDefinitions = {
  conclusion: 'pass, fail, or error if not everything could be linted',
  'findings-count': 'Number of findings: errors, warnings and notes',
  'errors-count': 'Number of errors',
  'warnings-count': 'Number of warnings',
  'files-checked': 'Number of migrations reported on',
  'sarif-file': 'Path of the SARIF file, if one was written',
  'report-file': 'Path of the report, if one was written',
  'config-changed': 'true if the pull request changes the configuration or the baseline, otherwise false',
  'not-read-count': 'Number of migrations reported on that were not read at all, for example because they are code',
  'read-in-part-count': 'Number of migrations reported on that were read only in part',
  'unread-count':
    'Number of migrations, parts of migrations, files and folders that could not be opened, and SQL files that a pull request from a fork adds or changes, that were not read',
  'comment-id': 'Id of the comment on the pull request, if there is one',
} as const

export type Outputs = { [Name in keyof typeof outputDefinitions]: string | number }

/**
 * Sets every output. Unknown ones are empty, and unknown counts are 0. Throws a Failure if the runner's file cannot be
 * written.
 */
export function setOutputs(known: Partial<Outputs> & { readonly conclusion: Conclusion }): void {
  try {
    for (const name of Object.keys(outputDefinitions) as (keyof Outputs)[]) {
      core.setOutput(name, known[name] ?? (/-count$|-checked$/.test(name) ? 0 : ''))
    }
  } catch (error) {
    throw new Failure(`The outputs of this step could not be set (GITHUB_OUTPUT): ${reason(error)}.`)
  }
}
