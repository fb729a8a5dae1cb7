/**
 * The event that started the workflow, from the runner's file. @actions/github reads the same file when it is imported,
 * and throws if the file is not JSON. Therefore this module is imported first and takes such a file out of its way.
 */
import { readFileSync } from 'node:fs'
import { Failure, reason } from '../failure.ts'
import { type Payload, payloadIn } from './payload.ts'

export interface GivenEvent {
  /** GitHub's name of it: `pull_request`. */
  readonly name: string
  readonly payload: Payload
}

const given = readGiven(process.env.GITHUB_EVENT_PATH)
if (given instanceof Failure) delete process.env.GITHUB_EVENT_PATH

/** Throws a Failure if the runner did not say which event it is, or of which repository. */
export function givenEvent(): GivenEvent {
  if (given instanceof Failure) throw given
  const { GITHUB_EVENT_NAME: name, GITHUB_REPOSITORY: repository = '' } = process.env
  if (!name) throw new Failure('GITHUB_EVENT_NAME is not set: this program must be run by a runner of GitHub Actions.')
  if (!/^[^/\s]+\/[^/\s]+$/.test(repository)) {
    throw new Failure(`GITHUB_REPOSITORY is ${JSON.stringify(repository)}, and not "owner/name".`)
  }
  return { name, payload: given }
}

function readGiven(path: string | undefined): Payload | Failure {
  if (!path) return {}
  const problem = (what: string) => new Failure(`The event cannot be read: ${path} (GITHUB_EVENT_PATH) ${what}`)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return problem(`cannot be opened: ${reason(error)}.`)
  }
  const read = payloadIn(text)
  return 'payload' in read ? read.payload : problem(read.problem)
}
