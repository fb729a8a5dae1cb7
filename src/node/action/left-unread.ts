import type { Unread } from '../../lint/unread.ts'
import type { Alert } from '../../report/markdown.ts'
import { counted } from '../../report/words.ts'
import type { Run } from '../commands/run.ts'
import type { Repository } from '../git/repository.ts'
import { type Checkout, remedy } from './checkout.ts'
import type { Event } from './event.ts'
import { type Commits, type UnreadInChange, unreadSince } from './unread.ts'

/** The parts of a stranger's change that were not read, and what is reported about them. */
export interface Left {
  readonly unread: readonly Unread[]
  /** Alerts that are shown above everything else. */
  readonly alerts: readonly Alert[]
  /**
   * One or more sentences that say why the verdict does not cover everything, and what to do. Null: it covers
   * everything, or the workflow allows that it does not.
   */
  readonly trouble: string | null
}

const shown = 20

/** What the workflow allows: that SQL is left unread, and that the change decides which tool reads it. */
export interface Allowed {
  readonly unread: boolean
  readonly tools: boolean
}

export async function leftUnread(
  run: Run,
  repository: Repository | null,
  event: Event,
  checkout: Checkout,
  allowed: Allowed,
): Promise<Left> {
  const place = repository === null ? { why: 'there is no repository' } : compared(repository, event, checkout)
  if ('why' in place || repository === null) {
    const why = 'why' in place ? place.why : ''
    const message = `It cannot be determined which SQL of ${event.title} was not read: ${why}.`
    return {
      unread: [],
      alerts: [{ level: 'warning', message }],
      trouble: allowed.unread ? null : `${message} ${remedy}`,
    }
  }
  const all = await unreadSince(run, repository, place, allowed.tools)
  const asked = all.filter(({ isAsked }) => isAsked)
  const others = all.filter(({ isAsked }) => !isAsked)
  const alerts: Alert[] = []
  if (asked.length > 0) {
    const message = `${title(event)} brings SQL that was not read: ${listed(asked)}.`
    alerts.push({ level: 'warning', message })
  }
  if (others.length > 0) {
    const message = `${title(event)} brings SQL outside of the paths that are linted: ${listed(others)}.`
    alerts.push({ level: 'notice', message })
  }
  return { unread: all, alerts, trouble: asked.length === 0 || allowed.unread ? null : refusal(asked) }
}

/**
 * The commits between which a change lies. For an event without a pull request, they are the commits of the checkout
 * that the main branch does not have.
 */
function compared(
  repository: Repository,
  { pullRequest }: Event,
  { base, commit }: Checkout,
): Commits | { readonly why: string } {
  const head = commit ?? repository.commit('HEAD')
  if (head === null) return { why: 'the repository has no commit yet' }
  const main = pullRequest === null ? repository.commit(process.env.GITHUB_SHA ?? '') : null
  if (main !== null) return { base: repository.mergeBase(main, head) ?? main, head }
  return 'why' in base ? base : { base: base.commit, head }
}

/** One line that says what to do. */
function refusal(unread: readonly UnreadInChange[]): string {
  const [first] = unread
  const more = unread.length > 1 ? `, and of ${counted(unread.length - 1, 'other')}` : ''
  const remedy = 'name the file in "ignore" of the base\'s configuration, or set the input "allow-unread: true"'
  return `nothing is known about ${first?.place}${more}, because ${first?.why}. If that is intended, ${remedy}.`
}

function listed(unread: readonly UnreadInChange[]): string {
  const named = unread.slice(0, shown).map(({ place, why }) => `${place} (${why})`)
  const rest = unread.length - named.length
  return `${named.join(', ')}${rest > 0 ? `, and ${counted(rest, 'other')}` : ''}`
}

function title({ title: of }: Event): string {
  return `${of[0]?.toUpperCase()}${of.slice(1)}`
}
