import type { Files, Input } from '../input.ts'
import type { Random } from '../random.ts'
import { jsonText, withOdds } from './json.ts'
import { oddName } from './words.ts'

const names = [
  'pull_request',
  'pull_request_target',
  'push',
  'merge_group',
  'workflow_run',
  'schedule',
  'issue_comment',
]

/** The runner's file about an event, its name, the number that the workflow gives, and the answers of GitHub's API. */
export function event(random: Random): Omit<Input, 'kind'> {
  const name = random.chance(90) ? random.pick(names) : oddName(random)
  const payload =
    /^pull_request/.test(name) || random.chance(10) ? { pull_request: pullRequest(random) } : other(random)
  const files: Files = new Map([
    ['name', name],
    ['event.json', jsonText(random, random.chance(60) ? payload : withOdds(random, payload))],
    ['number', random.chance(80) ? '' : String(random.pick([1, 12, 2 ** 31]))],
    ['answer.json', random.chance(30) ? '' : jsonText(random, withOdds(random, pullRequest(random)))],
  ])
  return { as: 'event', files, config: '{}' }
}

const digits = [...'0123456789abcdef']

function commit(random: Random): string {
  if (random.chance(5)) return oddName(random)
  return Array.from({ length: random.chance(90) ? 40 : 64 }, () => random.pick(digits)).join('')
}

function text(random: Random, ...usual: readonly string[]): string {
  return random.chance(80) ? random.pick(usual) : oddName(random)
}

function repository(random: Random) {
  if (random.chance(10)) return null
  return { full_name: text(random, 'owner/name', 'stranger/name', 'OWNER/name'), private: false }
}

function pullRequest(random: Random) {
  return {
    number: random.pick([1, 12, 2 ** 31]),
    head: { sha: commit(random), ref: text(random, 'patch', 'main'), repo: repository(random) },
    base: { sha: commit(random), ref: text(random, 'main', 'release/1'), repo: repository(random) },
    labels: random.some(0, 3, () => {
      const name = text(random, 'allow-edits', 'bug')
      return random.chance(50) ? name : { name }
    }),
    title: oddName(random),
  }
}

function other(random: Random) {
  const run = {
    event: text(random, 'pull_request', 'push'),
    head_sha: commit(random),
    head_branch: text(random, 'patch', 'main'),
    head_repository: random.chance(10) ? null : { owner: { login: text(random, 'stranger', 'owner') } },
  }
  return random.pick<unknown>([
    { workflow_run: run },
    { workflow_run: run },
    {},
    { ref: 'refs/heads/main', commits: [] },
  ])
}
