import { randomUUID } from 'node:crypto'
import * as core from '@actions/core'

/** A log as wide as GitHub shows it without folding lines. */
const width = 120

/** How reports look in the log: it shows colours, and no links. */
export const logStyle = { color: true, width, ascii: false, links: false, notesSwitch: 'the input "notes"' }

/**
 * Prints text that strangers may have written a part of. The runner takes lines for commands that look like them, so it is told
 * not to until a word that nobody can guess (GitHub's documentation, "Stopping and starting workflow commands").
 */
export function printInert(text: string): void {
  const word = randomUUID()
  process.stdout.write(`::stop-commands::${word}\n${text}${text.endsWith('\n') ? '' : '\n'}::${word}::\n`)
}

/** The same, folded away under a title. */
export function printGroup(title: string, text: string): void {
  core.startGroup(title)
  printInert(text)
  core.endGroup()
}
