import { misshapen } from './shape.ts'

/** The facts that GitHub gives about a pull request, both in events and in its API. */
export interface PullRequestPayload {
  readonly number: number
  readonly head: { readonly sha: string; readonly repo?: { readonly full_name?: string } | null }
  readonly base: { readonly sha: string; readonly ref: string; readonly repo?: { readonly full_name?: string } }
  readonly labels?: readonly ({ readonly name?: string } | string)[]
}

/** An event, as GitHub sends it; any part may be missing. */
export interface Payload {
  readonly pull_request?: PullRequestPayload
  readonly workflow_run?: {
    readonly event?: string
    readonly head_sha?: string
    readonly head_branch?: string
    readonly head_repository?: { readonly owner?: { readonly login?: string } } | null
  }
}

/** The event that a text contains, or the problem of the text: the rest of a sentence and anything that follows it. */
export function payloadIn(text: string): { readonly payload: Payload } | { readonly problem: string } {
  let payload: unknown
  try {
    payload = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { problem: 'is not JSON.' }
  }
  const wrong = misshapen(payload, 'event')
  return wrong === null ? { payload: payload as Payload } : { problem: `is not as GitHub writes it. ${wrong}` }
}
