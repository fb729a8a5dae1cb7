import { NoAnswer } from '../../src/node/action/ask.ts'
import { type Event, understand } from '../../src/node/action/event.ts'
import { type PullRequestPayload, payloadIn } from '../../src/node/action/payload.ts'
import { misshapen, type Shape } from '../../src/node/action/shape.ts'
import { Failure as Complaint } from '../../src/node/failure.ts'
import type { Input } from './input.ts'
import { type Failure, failure } from './try.ts'

/** The Action's reading of an event: an Event, or the line of its failure. */
export async function understood({ files }: Input, failures: Failure[]): Promise<Event | string> {
  const text = (path: string) => String(files.get(path) ?? '')
  const read = payloadIn(text('event.json'))
  if ('problem' in read) return oneLine(read.problem, failures)
  const number = text('number') === '' ? undefined : Number(text('number'))
  try {
    const event = await understand(text('name'), read.payload, apiThatSays(text('answer.json')), number)
    judge(event, read.payload.pull_request, failures)
    return event
  } catch (error) {
    if (error instanceof Complaint) return oneLine(error.message, failures)
    throw error
  }
}

const commit = /^[0-9a-f]{40,64}$/

function judge({ pullRequest, isTrusted }: Event, given: PullRequestPayload | undefined, failures: Failure[]): void {
  const isUsable =
    pullRequest === null ||
    (commit.test(pullRequest.head) &&
      commit.test(pullRequest.base.sha) &&
      Number.isInteger(pullRequest.number) &&
      pullRequest.labels.every(label => typeof label === 'string'))
  if (!isUsable) failures.push(broken('git and the API are given commits and numbers only', pullRequest))
  const [head, base] = [given?.head.repo?.full_name, given?.base.repo?.full_name]
  if (given && isTrusted && (!head || head !== base)) failures.push(broken('no fork is trusted', given))
}

/** A GitHub API that gives the same answer to every question; with `''` it gives none. It checks answers as `api.ts` does. */
function apiThatSays(text: string) {
  const answer = (shape: Shape): unknown => {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      throw new NoAnswer("GitHub's answer is not JSON")
    }
    const list = shape === 'list of pull requests' ? [value] : value
    const wrong = misshapen(list, shape)
    if (wrong !== null) throw new NoAnswer(wrong)
    return list
  }
  return text === ''
    ? null
    : {
        pullRequest: async () => answer('pull request') as PullRequestPayload,
        pullRequestsFrom: async () => answer('list of pull requests') as PullRequestPayload[],
      }
}

function oneLine(message: string, failures: Failure[]): string {
  if (/[\r\n]/.test(message)) failures.push(broken('what is wrong with an event is one line', message))
  return message
}

function broken(property: string, told: unknown): Failure {
  return failure(property, JSON.stringify(told).slice(0, 1000), property)
}
