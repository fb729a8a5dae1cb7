import type { Change, EditKind } from '../../migration/change.ts'
import { commentIn } from '../../parse/comment-style.ts'
import type { Span } from '../../parse/span.ts'
import type { RuleFinding } from '../rule.ts'
import { quoted, raw, say } from './sql.ts'

/** Phrases for the rules about applied migrations. */

/** The edited part, as the subject of a sentence. */
export const editWords: Readonly<Record<EditKind, string>> = {
  statements: 'The statements',
  down: 'The part that takes it back',
  comments: 'Comments, white space or the case of letters',
  'line-ends': 'Line ends or the byte order mark',
}

/** How to restore a file, as an imperative. */
export function restore(path: string, base: string): string {
  const isPlain = /^[\w./@-]+$/.test(path) && /^[\w./-]+$/.test(base)
  return isPlain
    ? `Put this file back as it was: \`git checkout ${base} -- ${path}\``
    : `Put this file back as ${quoted(base)} has it`
}

/** The sentence about a change that restores an earlier text; null: the change does not. */
export function restoration({ undoes, outcome }: Change, at: Span): RuleFinding | null {
  if (!undoes) return null
  return {
    at,
    severity: outcome.severity,
    message: say`${raw(outcome.what)}.`,
    help: `Look for databases that were brought up to date after ${undoes.commit}, and settle by hand what differs there.`,
  }
}

/** How to allow an edit, as an imperative: by a comment in the language of the file. */
export function allow(path: string): string {
  const comment = commentIn(path, 'migrate-lint-allow-edit: <reason>')
  return comment === null
    ? 'say so with `--allow-edit`, or with "allowEdit" in the configuration'
    : `say so in the file: \`${comment}\``
}

/** The advice for a migration that has not been applied anywhere. */
export function allowHelp(path: string): string {
  return `If no database has it yet, ${allow(path)}.`
}
