import type { ChangeKind, EditKind, Outcome, Undone } from '../../migration/change.ts'
import type { Migration, System } from '../system.ts'
import { guardOf } from './guard.ts'

/**
 * The system's reaction to an edit of an applied migration; null when the edit has no effect. `apart`: the edit is in
 * another file. `isCode`: the migration is a program.
 */
export function outcomeOfEdit(system: System, edit: EditKind, apart = false, isCode = false): Outcome | null {
  const { checks, edited, editedCode } = guardOf(system)
  const isUnchecked = apart || (isCode && editedCode !== undefined)
  const guarded = !isUnchecked && (checks === 'bytes' || (checks === 'text' && edit !== 'line-ends'))
  if (edit === 'statements' || guarded) return { severity: 'error', what: isCode ? (editedCode ?? edited) : edited }
  if (edit === 'down')
    return { severity: 'note', what: 'An applied migration will be reverted in another way than intended' }
  return checks === 'unknown' ? { severity: 'warning', what: 'A tool that compares checksums refuses the file' } : null
}

/** `sameVersion`: the system's record did not change. */
export function outcomeOfRename(system: System, sameVersion: boolean, isStamped = false): Outcome {
  const { names, missing, edited } = guardOf(system)
  if (isStamped && sameVersion) {
    return { severity: 'note', what: `${system.title} compares the time in its journal, which stayed the same` }
  }
  if (sameVersion) {
    return names
      ? { severity: 'error', what: names === 'edited' ? edited : names }
      : { severity: 'note', what: `${system.title} compares the version, which stayed the same` }
  }
  const again = 'Databases that have it run it a second time under the new name'
  return { severity: 'error', what: missing ?? again }
}

/** `now`, `was`: its times in the journal; `latest`: the time of the last applied migration. */
export function outcomeOfStamp({ title }: System, was: number, now: number, latest: number): Outcome {
  // drizzle-orm, pg-core/dialect.ts migrate(): migrations later than the latest created_at run, and nothing else is
  // compared.
  const does = `${title} compares this time and nothing else`
  if (now > latest) return { severity: 'error', what: `${does}: databases that have it run it again` }
  const what =
    was === latest
      ? 'databases that have it skip new migrations up to the old time, and others do not'
      : 'a database that stands between the two times runs it again, or never'
  return { severity: 'error', what: `${does}: ${what}` }
}

/** The former text is there again. */
export function outcomeOfRestoration(kind: ChangeKind, { commit, date }: Undone): Outcome {
  const said: Partial<Record<ChangeKind, string>> = {
    edited: `This is again the text from before commit ${commit} (${date}): databases that applied the edited one in between differ`,
    restamped: `This is again the time from before commit ${commit} (${date}): databases that compared the other one in between differ`,
    late: `This migration is back, which commit ${commit} (${date}) deleted: databases that were built in between do not have it`,
    renamed: `This undoes the name that commit ${commit} (${date}) gave: databases that applied it under that one in between differ`,
    deleted: `This frees the version that commit ${commit} (${date}) gave a second time: databases that applied this one in between differ`,
  }
  return { severity: 'note', what: said[kind] ?? '' }
}

export function outcomeOfReordering({ title }: System): Outcome {
  return { severity: 'error', what: `${title} runs new databases in that order, and the others ran in the old one` }
}

/** `isBeside`: the file is in the folder of migrations itself, not in a subfolder. */
export function outcomeOfUnlisted(system: System, isBeside: boolean): Outcome {
  const severity = guardOf(system).lists && isBeside ? 'error' : 'warning'
  return { severity, what: `${system.title} silently skips it` }
}

export function outcomeOfDeletion(system: System): Outcome {
  const { missing } = guardOf(system)
  return { severity: 'error', what: missing ?? 'Databases that have it keep its changes, and new ones never get them' }
}

/** Squashing is intended; what matters is how databases with the old migrations handle it. */
export function outcomeOfSquash(system: System): Outcome {
  return {
    severity: 'warning',
    what: guardOf(system).missing ?? 'Databases that have the old ones run the new one as well',
  }
}

/** A setting decides, or the system; a journal may give the migration its time. */
export function outcomeOfLateness(system: System, migration: Pick<Migration, 'late' | 'stamp'>): Outcome | null {
  const guard = guardOf(system)
  const late = migration.late ?? (migration.stamp ? guard.late : (guard.lateUnstamped ?? guard.late))
  if (late === null) return null
  const severity = { stops: 'error', skips: 'error', unknown: 'warning', runs: 'note' } as const
  return { severity: severity[late.does], what: late.what }
}

export function outcomeOfDuplicate(system: System): Outcome {
  return {
    severity: 'error',
    what: guardOf(system).duplicate ?? `${system.title} treats the second as applied once the first is`,
  }
}
